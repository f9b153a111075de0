using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

/// <summary>What every store must do. Each class below it covers one subject; each database inherits all of them.</summary>
public abstract class StoreCompliance(IStoreHost host) : IAsyncLifetime
{
    private OpenStore _store = null!;

    protected IStoreHost Host { get; } = host;

    protected ITaskStore Tasks => _store.Tasks;

    protected IKeyStore Keys => _store.Keys;

    protected ICallbackStore Callbacks => _store.Callbacks;

    protected ICustomerStore Customers => (ICustomerStore)_store.Handle;

    protected IKeyAdminStore KeyAdmin => (IKeyAdminStore)_store.Handle;

    protected ILedgerStore Ledger => (ILedgerStore)_store.Handle;

    protected IAccountStore Accounts => (IAccountStore)_store.Handle;

    protected IAdminKeyStore AdminKeys => (IAdminKeyStore)_store.Handle;

    protected IAuditStore Audit => (IAuditStore)_store.Handle;

    protected ITaskArchive Archive => (ITaskArchive)_store.Handle;

    protected IStoreKeeper Keeper => (IStoreKeeper)_store.Handle;

    protected INodeStore Nodes => (INodeStore)_store.Handle;

    protected static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync() => _store = await Host.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected ValueTask CloseAsync() => _store.DisposeAsync();

    protected async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = await Host.OpenAsync();
    }

    protected ValueTask<StoredKey> AddKeyAsync(string name = "k", long? budget = null) => Keys.SaveKeyAsync(Make.Key(name, budget), None);

    protected async Task<StoredTask> AddTaskAsync(long keyId, long reserve = 0, DateTimeOffset? at = null, string? requestId = null)
    {
        var task = Make.Task(keyId, reserve, at, requestId);
        Assert.Equal(AcceptResult.Accepted, (await Tasks.AcceptAsync(task, None)).Result);
        return task;
    }

    /// <summary>A task whose first attempt has an upstream id.</summary>
    protected async Task<StoredTask> AddSubmittedTaskAsync(long keyId, long reserve = 0)
    {
        var task = await AddTaskAsync(keyId, reserve);
        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await Tasks.RecordSubmissionAsync(task.Id, 1, "up-1", Make.Start.AddSeconds(2), None);
        return task;
    }

    /// <summary>A limited customer with so much paid in.</summary>
    protected async Task<StoredCustomer> AddCustomerAsync(string name, long deposit)
    {
        var customer = await Customers.CreateCustomerAsync(new NewCustomer(name, Limited: true), Make.By, None);
        Assert.NotNull(customer);
        var booked = await Customers.BookAsync(new NewBooking(customer.Id, LedgerKind.Deposit, new Usd(deposit), Reference: null, "paid"), Make.By, None);
        Assert.Equal(BookingResult.Booked, booked.Result);
        return booked.Customer!;
    }

    protected async Task<StoredKey> AddKeyAsync(StoredCustomer customer, string name, long? budget = null)
    {
        var made = await KeyAdmin.CreateKeyAsync(Make.Key(name, budget) with { CustomerId = customer.Id, Configured = false }, Make.By, None);
        Assert.Equal(KeyChangeResult.Done, made.Result);
        return made.Key!;
    }

    protected async Task AssertCustomerAsync(long id, long balance, long reserved)
    {
        var customer = await Customers.FindCustomerAsync(id, None);
        Assert.Equal((new Usd(balance), new Usd(reserved)), (customer!.Balance, customer.Reserved));
    }

    protected async Task AssertEveryCentAddsUpAsync()
    {
        var verdict = await Ledger.VerifyLedgerAsync(None);
        Assert.Empty(verdict.Differences);
        Assert.True(verdict.Checked > 0);
    }

    protected async Task<StoredTask> FindAsync(Guid id)
    {
        var found = await Tasks.FindAsync(id, None);
        Assert.NotNull(found);
        return found;
    }

    protected async Task<StoredAttempt> FindAttemptAsync(Guid taskId, int number = 1) =>
        Assert.Single(await Tasks.ListAttemptsAsync(taskId, None), a => a.Number == number);

    protected async Task<List<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)>> ListUnfinishedAsync()
    {
        var list = new List<(StoredTask, IReadOnlyList<StoredAttempt>)>();
        await foreach (var entry in Tasks.ListUnfinishedAsync(None))
            list.Add(entry);
        return list;
    }

    protected async Task AssertUsageAsync(long keyId, long spent, long reserved) =>
        Assert.Equal(new KeyUsage(new Usd(spent), new Usd(reserved)), await Keys.GetUsageAsync(keyId, None));

    /// <summary>The task's contents and place; memories compare by their bytes.</summary>
    protected static void AssertSame(StoredTask expected, StoredTask actual)
    {
        Assert.Equal(expected.Request.ToArray(), actual.Request.ToArray());
        Assert.Equal(expected.Fingerprint.ToArray(), actual.Fingerprint.ToArray());
        Assert.Equal(expected.Solution.ToArray(), actual.Solution.ToArray());
        Assert.Equal(
            expected with { Request = default, Fingerprint = default, Solution = default },
            actual with { Request = default, Fingerprint = default, Solution = default });
    }

    protected static AttemptEnd Solved(StoredTask task, long cost) => Make.AttemptEnd(task.Id, state: AttemptState.Solved, cost: cost);
}
