using Dapper;
using Npgsql;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Writes that share a commit and its round trips: what one of them did wrong is its own.</summary>
public sealed class TogetherTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new(o => o with { Writers = 1 }, ownDatabase: true);
    private PostgresStore _store = null!;
    private long _gateKey;
    private long _key;
    private RoundTrips _trips = null!;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Accept_Many_TakeTheRoundTripsOfOne()
    {
        var outcomes = await TogetherAsync(() => Many(100, _ => AcceptAsync(Make.Task(_key, reserve: 7))));

        Assert.All(outcomes, outcome => Assert.Equal(AcceptResult.Accepted, outcome.Result));
        Assert.Equal(700, await ReservedAsync(_key));
        // The other one is of the write that all of them waited for.
        Assert.Equal(2, _trips.Heard.Count(text => text.Contains("INSERT INTO tasks", StringComparison.Ordinal)));
        AssertNothingWasRepeated();
    }

    [Fact]
    public async Task Accept_BudgetUsedUpOrRequestRepeated_NothingIsDoneTwice()
    {
        var poor = (await _store.SaveKeyAsync(Make.Key("poor", budget: 30), None)).Id;
        var first = Make.Task(_key, requestId: "r");

        var outcomes = await TogetherAsync(() => Many(10, _ => AcceptAsync(Make.Task(poor, reserve: 10))).Append(AcceptAsync(first)).Concat(Many(10, _ => AcceptAsync(Make.Task(_key, requestId: "r")))));

        Assert.Equal(3, outcomes[..10].Count(outcome => outcome.Result == AcceptResult.Accepted));
        Assert.Equal(7, outcomes[..10].Count(outcome => outcome.Result == AcceptResult.BudgetUsedUp));
        Assert.All(outcomes[11..], outcome => Assert.Equal((AcceptResult.Repeated, first.Id), (outcome.Result, outcome.ExistingTaskId)));
        AssertNothingWasRepeated();
    }

    [Fact]
    public async Task Accept_KeyThatGotABudgetMeanwhile_IsRefusedExactlyAndThenExpectedToBe()
    {
        await AcceptAsync(Make.Task(_key, reserve: 10));
        await _store.SaveKeyAsync(Make.Key(budget: 25), None);

        var results = (await TogetherAsync(() => Many(4, _ => AcceptAsync(Make.Task(_key, reserve: 10))))).Select(outcome => outcome.Result);
        Assert.Equal([AcceptResult.Accepted, AcceptResult.BudgetUsedUp, AcceptResult.BudgetUsedUp, AcceptResult.BudgetUsedUp], results);

        _trips.Clear();
        Assert.Equal(AcceptResult.BudgetUsedUp, (await AcceptAsync(Make.Task(_key, reserve: 10))).Result);
        AssertNothingWasRepeated();
        Assert.Equal(20, await ReservedAsync(_key));
    }

    [Fact]
    public async Task Accept_ShortIdTakenAmongMany_OnlyThatOneIsRefused()
    {
        var first = Make.Task(_key);
        await AcceptAsync(first);

        var outcomes = await TogetherAsync(() => Many(30, i => AcceptAsync(i == 11 ? Make.Task(_key, reserve: 7) with { ShortId = first.ShortId } : Make.Task(_key, reserve: 7))));

        for (var i = 0; i < outcomes.Length; i++)
            Assert.Equal(i == 11 ? AcceptResult.ShortIdTaken : AcceptResult.Accepted, outcomes[i].Result);
        Assert.Equal(29 * 7, await ReservedAsync(_key));
    }

    [Fact]
    public async Task Steps_SomeContradictWhatIsStored_OnlyTheyFail()
    {
        var tasks = await Task.WhenAll(Many(20, async i => await BegunAsync(submitted: i % 2 == 0)));
        await _store.FinishAsync(Make.Failed(tasks[3]), None);
        await _store.CloseAttemptAsync(Make.AttemptEnd(tasks[5].Id), None);

        var outcomes = await TogetherAsync(() => Many(20, i => FailureOfAsync(i switch
        {
            // The numbers of the attempts: taken, of an ended task, unknown, at an end.
            2 => _store.BeginAttemptAsync(Make.Attempt(tasks[2].Id), Usd.Zero, None).AsTask(),
            3 => _store.BeginAttemptAsync(Make.Attempt(tasks[3].Id, number: 2), Usd.Zero, None).AsTask(),
            4 => _store.RecordSubmissionAsync(tasks[4].Id, 9, "u", Make.Start, None).AsTask(),
            5 => _store.RecordSubmissionAsync(tasks[5].Id, 1, "u", Make.Start, None).AsTask(),
            6 => _store.CloseAttemptAsync(Make.AttemptEnd(tasks[6].Id, number: 9), None).AsTask(),
            _ when i % 2 == 0 => _store.CloseAttemptAsync(Make.AttemptEnd(tasks[i].Id, cost: 5), None).AsTask(),
            _ => _store.RecordSubmissionAsync(tasks[i].Id, 1, $"up-{i}", Make.Start, None).AsTask(),
        })));

        for (var i = 0; i < tasks.Length; i++)
        {
            if (i is >= 2 and <= 6)
                Assert.IsType<InvalidOperationException>(outcomes[i]);
            else
                Assert.Null(outcomes[i]);
            var state = i == 3 ? TaskState.Failed : i is 2 or 4 or 6 ? TaskState.Submitted : i == 5 || i % 2 == 0 ? TaskState.Queued : TaskState.Submitted;
            Assert.Equal(state, (await _store.FindAsync(tasks[i].Id, None))!.State);
        }

        Assert.Equal(7, _host.ReadLedger().Count(row => row.AmountMicros == 5));
        Assert.Empty((await _store.VerifyLedgerAsync(None)).Differences);
    }

    [Fact]
    public async Task BeginAttempt_WrittenAgainAmongMany_CountsOnce()
    {
        var tasks = await Task.WhenAll(Many(10, async _ => await BegunAsync(submitted: false)));
        var more = await Task.WhenAll(Many(10, async _ => await AcceptedAsync()));

        var outcomes = await TogetherAsync(() => tasks.Concat(more).Select(task => FailureOfAsync(_store.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None).AsTask())));

        Assert.All(outcomes, Assert.Null);
        foreach (var task in tasks.Concat(more))
            Assert.Equal((TaskState.Submitting, 1), await _store.FindAsync(task.Id, None) is { } found ? (found.State, found.Attempts) : default);
    }

    [Fact]
    public async Task BeginAttempt_DearerThanReservedAmongMany_IsToppedUpOrRefused()
    {
        var rich = (await _store.SaveKeyAsync(Make.Key("rich", budget: 1000), None)).Id;
        var poor = (await _store.SaveKeyAsync(Make.Key("poor", budget: 10), None)).Id;
        var tasks = await Task.WhenAll(new[] { rich, poor, rich, rich }.Select(async key =>
        {
            var task = Make.Task(key, reserve: 10);
            await AcceptAsync(task);
            return task;
        }));

        var begun = await TogetherAsync(() => tasks.Select((task, i) => _store.BeginAttemptAsync(Make.Attempt(task.Id), new Usd(i == 3 ? 10 : 50), None).AsTask()));

        Assert.Equal([true, false, true, true], begun);
        Assert.Equal((110, 10), (await ReservedAsync(rich), await ReservedAsync(poor)));
    }

    [Fact]
    public async Task Finish_OneAtAnEndAlready_TheOthersGetTheirPlacesAndMoney()
    {
        var tasks = await Task.WhenAll(Many(10, async _ => await BegunAsync(submitted: true)));
        Assert.Equal(1, await _store.FinishAsync(Make.Failed(tasks[4]), None));

        var places = await TogetherAsync(() => tasks.Select(task =>
            _store.FinishAsync(Make.Ready(task, charge: 70, Make.AttemptEnd(task.Id, state: AttemptState.Solved, cost: 80)), None).AsTask()));

        Assert.Equal(0, places[4]);
        Assert.Equal(Enumerable.Range(2, 9).Select(i => (long)i), places.Where(place => place != 0).Order());
        Assert.Equal(new KeyUsage(new Usd(9 * 70), Usd.Zero), await _store.GetUsageAsync(_key, None));
        Assert.All(_host.ReadLedger(), row => Assert.Equal("main", row.Account));
        Assert.Empty((await _store.VerifyLedgerAsync(None)).Differences);
    }

    [Fact]
    public async Task Steps_OneTaskTakenByAnotherNode_OnlyThatOneIsLost()
    {
        var tasks = await Task.WhenAll(Many(12, async i => await BegunAsync(submitted: i % 2 == 0)));
        int[] taken = [2, 3, 4];
        foreach (var i in taken)
            _host.Execute($@"UPDATE tasks SET owner = 99 WHERE id = '\x{tasks[i].Id.ToString("N")}'");

        var outcomes = await TogetherAsync(() => tasks.Select((task, i) => FailureOfAsync(
            i == 4 ? _store.CloseAttemptAsync(Make.AttemptEnd(task.Id), None).AsTask()
            : i % 2 == 0 ? _store.FinishAsync(Make.Failed(task), None).AsTask()
            : _store.RecordSubmissionAsync(task.Id, 1, "up", Make.Start, None).AsTask())));

        for (var i = 0; i < outcomes.Length; i++)
        {
            if (taken.Contains(i))
                Assert.IsType<LeaseLostException>(outcomes[i]);
            else
                Assert.Null(outcomes[i]);
        }
    }

    [Fact]
    public async Task Accept_BalanceOfOneCustomerLocked_OnlyItsOwnWritesFail()
    {
        await using var store = await _host.OpenPostgresAsync(o => o with { LockPatience = TimeSpan.FromMilliseconds(200) });
        var (locked, free) = (await PayingKeyAsync("locked"), await PayingKeyAsync("free"));
        await using var holder = _host.Connect();
        await using var transaction = await holder.BeginTransactionAsync(None);
        await holder.ExecuteAsync("SELECT 1 FROM customers WHERE name = 'locked' FOR UPDATE");

        var outcomes = await Task.WhenAll(new[] { locked, free, _key, locked, free, _key }.Select(key => FailureOfAsync(store.AcceptAsync(Make.Task(key, reserve: 10), None).AsTask())));

        Assert.All(outcomes.Where((_, i) => i % 3 == 0), failure => Assert.IsType<StoreUnavailableException>(failure));
        Assert.All(outcomes.Where((_, i) => i % 3 != 0), Assert.Null);
        await transaction.RollbackAsync(None);
        Assert.Equal(AcceptResult.Accepted, (await store.AcceptAsync(Make.Task(locked, reserve: 10), None)).Result);
        Assert.Equal((10, 20, 20), (await ReservedAsync(locked), await ReservedAsync(free), await ReservedAsync(_key)));
        Assert.Empty((await _store.VerifyLedgerAsync(None)).Differences);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Close_RecordDecayedToNextToNothing_BecomesNothingAndHoldsNobodyUp(bool solved)
    {
        var book = new StatisticsBook();
        var tasks = await Task.WhenAll(Many(40, async _ => await BegunAsync(submitted: true)));
        await _store.CloseAttemptAsync(Make.AttemptEnd(tasks[0].Id, statistics: Seen()), None);
        _host.Execute("UPDATE statistics SET failures = 5e-324, successes = 5e-324, cost_micros = 5e-324, solve_time_ms = 5e-324");

        await TogetherAsync(() => tasks[1..].Select(task => FailureOfAsync(_store.CloseAttemptAsync(Make.AttemptEnd(task.Id, statistics: Seen()), None).AsTask())).ToList());

        AssertNothingWasRepeated();
        var stored = Assert.Single(await _store.ListStatisticsAsync(None));
        Assert.Equal(40, stored.Samples);
        Assert.Equal(0, solved ? stored.Failures : stored.Successes);
        Assert.InRange(solved ? stored.Successes : stored.Failures, 20, 30);
        if (solved)
            Assert.InRange(stored.CostMicros!.Value, 690, 700);

        StatisticsRow Seen() => solved
            ? book.RecordSolved("main", "RecaptchaV2", new Usd(700), TimeSpan.FromSeconds(5), Make.Start)
            : book.RecordFailed("main", "RecaptchaV2", Make.Start);
    }

    public async ValueTask InitializeAsync()
    {
        _store = await _host.OpenPostgresAsync();
        _gateKey = (await _store.SaveKeyAsync(Make.Key("gate"), None)).Id;
        _key = (await _store.SaveKeyAsync(Make.Key(), None)).Id;
        await AcceptAsync(Make.Task(_key));
        _trips = new RoundTrips(_host);
    }

    public async ValueTask DisposeAsync()
    {
        _trips?.Dispose();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    private static async Task<Exception?> FailureOfAsync(Task write) => await Record.ExceptionAsync(() => write);

    private static IEnumerable<Task<T>> Many<T>(int count, Func<int, Task<T>> write) => Enumerable.Range(0, count).Select(write);

    private Task<AcceptOutcome> AcceptAsync(StoredTask task) => _store.AcceptAsync(task, None).AsTask();

    private async Task<StoredTask> AcceptedAsync()
    {
        var task = Make.Task(_key, reserve: 100);
        await AcceptAsync(task);
        return task;
    }

    private async Task<StoredTask> BegunAsync(bool submitted)
    {
        var task = await AcceptedAsync();
        await _store.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        if (submitted)
            await _store.RecordSubmissionAsync(task.Id, 1, "up-1", Make.Start, None);
        return task;
    }

    private async Task<long> PayingKeyAsync(string name)
    {
        var customer = (await _store.CreateCustomerAsync(new NewCustomer(name, Limited: true), Make.By, None))!;
        await _store.BookAsync(new NewBooking(customer.Id, LedgerKind.Deposit, new Usd(1000), Reference: null, "paid"), Make.By, None);
        return (await _store.CreateKeyAsync(Make.Key(name) with { CustomerId = customer.Id, Configured = false }, Make.By, None)).Key!.Id;
    }

    private async Task<long> ReservedAsync(long key) => (await _store.GetUsageAsync(key, None)).Reserved.Micros;

    /// <summary>Queues writes while the writer waits for a key that is locked, so that they share the next commit.</summary>
    private async Task<T[]> TogetherAsync<T>(Func<IEnumerable<Task<T>>> write)
    {
        await using var holder = _host.Connect();
        await using var gate = await holder.BeginTransactionAsync(None);
        await holder.ExecuteAsync("SELECT 1 FROM api_keys WHERE id = @id FOR UPDATE", new { id = _gateKey });
        var waiting = AcceptAsync(Make.Task(_gateKey));
        await Eventually.TrueAsync(async () => await holder.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"));
        var writes = write().ToList();
        await gate.CommitAsync(None);
        await waiting;
        return await Task.WhenAll(writes);
    }

    private void AssertNothingWasRepeated() => Assert.DoesNotContain(_trips.Heard, text => text.Contains("ROLLBACK", StringComparison.Ordinal));
}
