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
        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), None);
        await Tasks.RecordSubmissionAsync(task.Id, 1, "up-1", Make.Start.AddSeconds(2), None);
        return task;
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
