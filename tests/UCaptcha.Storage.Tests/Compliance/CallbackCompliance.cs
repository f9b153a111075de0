using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class CallbackCompliance(IStoreHost host) : StoreCompliance(host)
{
    private const string Url = "https://hook.example/done?x=1";
    private static readonly DateTimeOffset Ended = Make.Start.AddSeconds(30);

    [Fact]
    public async Task Finish_WithCallback_IsDueAtOnceAndKnowsHowTheTaskEnded()
    {
        var (task, callback) = await EndAsync((await AddKeyAsync()).Id);

        Assert.Equal(Ended, await Callbacks.NextCallbackDueAsync(None));
        Assert.Equal(
            new StoredCallback
            {
                Id = callback.Id,
                TaskId = task.Id,
                ShortId = task.ShortId,
                KeyId = task.KeyId,
                Url = Url,
                Receiver = "hook.example:443",
                Dialect = "ucaptcha",
                TaskState = TaskState.Failed,
                ErrorCode = "ERROR_CAPTCHA_UNSOLVABLE",
                ErrorDescription = "Nobody solved it.",
                EndedAt = Ended,
                DueAt = Ended,
            },
            await Callbacks.FindCallbackAsync(callback.Id, None));
    }

    [Fact]
    public async Task Finish_AgainOrWithoutUrl_OwesNothing()
    {
        var key = await AddKeyAsync();
        var (task, callback) = await EndAsync(key.Id);
        await Tasks.FinishAsync(Make.Failed(task) with { Callback = NewCallback.To(Url, Ended) }, None);
        await Tasks.FinishAsync(Make.Failed(await AddTaskAsync(key.Id)), None);

        Assert.Equal(callback.Id, Assert.Single(await Callbacks.ListCallbacksAsync(new CallbackFilter(), None)).Id);
        Assert.Equal(1, await Callbacks.CountPendingCallbacksAsync(None));
    }

    [Fact]
    public async Task Claim_Due_CountsATryAndHidesItUntilTheClaimIsOver()
    {
        var (_, callback) = await EndAsync((await AddKeyAsync()).Id);

        Assert.Empty(await ClaimAsync(Ended.AddMilliseconds(-1)));
        var claimed = Assert.Single(await ClaimAsync(Ended));
        Assert.Equal((callback.Id, 1), (claimed.Id, claimed.Tries));
        Assert.Empty(await ClaimAsync(Ended.AddSeconds(59)));
        Assert.Equal(2, Assert.Single(await ClaimAsync(Ended.AddSeconds(60))).Tries);
    }

    [Fact]
    public async Task Claim_ManyAtOnce_EachGoesToOne()
    {
        var key = await AddKeyAsync();
        for (var i = 0; i < 60; i++)
            await EndAsync(key.Id, $"https://hook{i}.example/");

        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => ClaimAsync(Ended, limit: 7))));

        var ids = claims.SelectMany(claim => claim).Select(callback => callback.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(60, ids.Count + (await ClaimAsync(Ended, limit: 100)).Count);
    }

    [Fact]
    public async Task Claim_ManyToOneReceiver_LeavesRoomForOthers()
    {
        var key = await AddKeyAsync();
        for (var i = 0; i < 20; i++)
            await EndAsync(key.Id, "https://busy.example/");
        await EndAsync(key.Id, "https://other.example/");

        var claimed = await ClaimAsync(Ended, limitPerReceiver: 4);

        Assert.Equal(4, claimed.Count(callback => callback.Receiver == "busy.example:443"));
        Assert.Single(claimed, callback => callback.Receiver == "other.example:443");
    }

    [Fact]
    public async Task Claim_BusyReceiversAndKeys_ArePassedOver()
    {
        var (first, second) = (await AddKeyAsync("a"), await AddKeyAsync("b"));
        await EndAsync(first.Id, "https://busy.example/");
        var (_, free) = await EndAsync(first.Id, "https://free.example/");
        await EndAsync(second.Id, "https://free.example/");

        Assert.Equal(free.Id, Assert.Single(await ClaimAsync(Ended, busyReceivers: ["busy.example:443"], busyKeys: [second.Id])).Id);
    }

    [Fact]
    public async Task Defer_Lane_PutsOffTheClaimedAndAllThatWouldBeDueSooner()
    {
        var (first, second) = (await AddKeyAsync("a"), await AddKeyAsync("b"));
        await EndAsync(first.Id, "https://dead.example/");
        await EndAsync(first.Id, "https://dead.example/", Ended.AddSeconds(1));
        var (_, later) = await EndAsync(first.Id, "https://dead.example/", Ended.AddMinutes(9));
        var (_, free) = await EndAsync(first.Id, "https://free.example/", Ended.AddSeconds(2));
        var (_, others) = await EndAsync(second.Id, "https://dead.example/", Ended.AddSeconds(3));
        var claimed = await ClaimAsync(Ended);

        await Callbacks.DeferCallbacksAsync(new(first.Id, "dead.example:443"), claimed, Ended.AddMinutes(5), None);

        Assert.Equal([free.Id, others.Id], (await ClaimAsync(Ended.AddMinutes(4))).Select(callback => callback.Id));
        var due = await ClaimAsync(Ended.AddMinutes(5), busyKeys: [second.Id]);
        Assert.Equal([1, 1], due.Where(callback => callback.Receiver == "dead.example:443").Select(callback => callback.Tries));
        Assert.Equal(Ended.AddMinutes(9), (await Callbacks.FindCallbackAsync(later.Id, None))!.DueAt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Defer_OneWasTriedBefore_ComesBehindTheOthersOfItsLane(int claimedAt)
    {
        var key = await AddKeyAsync();
        var (_, tried) = await EndAsync(key.Id);
        var (_, fresh) = await EndAsync(key.Id, at: Ended.AddSeconds(1));
        await ClaimAsync(Ended);
        await RecordAsync(tried, number: 1, CallbackState.Pending, Ended.AddSeconds(7), step: 1);
        var claimed = await ClaimAsync(Ended.AddSeconds(claimedAt));

        await Callbacks.DeferCallbacksAsync(new(key.Id, "hook.example:443"), claimed, Ended.AddMinutes(1), None);

        Assert.Equal(fresh.Id, Assert.Single(await ClaimAsync(Ended.AddMinutes(1))).Id);
        Assert.Equal(tried.Id, Assert.Single(await ClaimAsync(Ended.AddMinutes(1).AddMilliseconds(1))).Id);
        Assert.Equal([fresh.Id, tried.Id], (await ClaimAsync(Ended.AddMinutes(3))).Select(callback => callback.Id));
    }

    [Fact]
    public async Task GiveUp_TooMany_EndsTheOldestOfThatKeyAndKeepsTheirTries()
    {
        var (many, few) = (await AddKeyAsync("a"), await AddKeyAsync("b"));
        var ended = new List<NewCallback>();
        for (var i = 0; i < 6; i++)
            ended.Add((await EndAsync(many.Id, at: Ended.AddSeconds(i))).Callback);
        await EndAsync(few.Id);
        await ClaimAsync(Ended, limit: 2, busyKeys: [few.Id]);
        await RecordAsync(ended[0], number: 1, CallbackState.Pending, Ended.AddSeconds(7), step: 1);
        await ClaimAsync(Ended.AddSeconds(1), limit: 1, busyKeys: [few.Id]);
        var excess = new CallbackExcess(Ended.AddSeconds(9), [], Ended, MostPerKey: 3, Limit: 2);

        // The second is being sent, and stays.
        Assert.Equal(2, await Callbacks.GiveUpCallbacksAsync(excess, None));
        Assert.Equal(0, await Callbacks.GiveUpCallbacksAsync(excess, None));

        var first = (await Callbacks.FindCallbackAsync(ended[0].Id, None))!;
        Assert.Equal((CallbackState.GivenUp, Ended.AddSeconds(9), "too many of its key were waiting"), (first.State, first.SettledAt, first.LastOutcome));
        Assert.Equal("status 500", Assert.Single(await Callbacks.ListCallbackTriesAsync(first.Id, None)).Outcome);
        Assert.Equal([5, 4, 3, 1, 0], await EndsAsync(new CallbackFilter(State: CallbackState.Pending)));
    }

    [Fact]
    public async Task GiveUp_DeadLane_EndsWhatWaitedInItTooLong()
    {
        var key = await AddKeyAsync();
        await EndAsync(key.Id);
        await EndAsync(key.Id, at: Ended.AddHours(1));
        await EndAsync(key.Id, "https://alive.example/", Ended.AddSeconds(1));
        var excess = new CallbackExcess(Ended.AddDays(1), [new(key.Id, "hook.example:443")], Ended.AddMinutes(1), MostPerKey: null, Limit: 10);

        Assert.Equal(1, await Callbacks.GiveUpCallbacksAsync(excess, None));

        Assert.Equal([3600, 1], (await EndsAsync(new CallbackFilter(State: CallbackState.Pending))).OrderDescending());
    }

    [Fact]
    public async Task Record_FailedTry_IsDueAgainLater()
    {
        var (_, callback) = await EndAsync((await AddKeyAsync()).Id);
        await ClaimAsync(Ended);

        Assert.True(await RecordAsync(callback, number: 1, CallbackState.Pending, Ended.AddSeconds(7), step: 1));

        Assert.Equal(Ended.AddSeconds(7), await Callbacks.NextCallbackDueAsync(None));
        var found = (await Callbacks.FindCallbackAsync(callback.Id, None))!;
        Assert.Equal((CallbackState.Pending, 1, "status 500", null), (found.State, found.Step, found.LastOutcome, found.SettledAt));
        Assert.Equal(
            new CallbackTry(1, Ended.AddSeconds(2), TimeSpan.FromMilliseconds(250), "status 500"),
            Assert.Single(await Callbacks.ListCallbackTriesAsync(callback.Id, None)));
    }

    [Theory]
    [InlineData(CallbackState.Delivered)]
    [InlineData(CallbackState.GivenUp)]
    public async Task Record_Settled_IsNeverDueAgain(CallbackState state)
    {
        var (_, callback) = await EndAsync((await AddKeyAsync()).Id);
        await ClaimAsync(Ended);

        Assert.True(await RecordAsync(callback, number: 1, state, Ended.AddSeconds(2), step: 0));

        Assert.Null(await Callbacks.NextCallbackDueAsync(None));
        Assert.Empty(await ClaimAsync(Ended.AddYears(1)));
        Assert.Equal(Ended.AddSeconds(2), (await Callbacks.FindCallbackAsync(callback.Id, None))!.SettledAt);
        Assert.Equal(0, await Callbacks.CountPendingCallbacksAsync(None));
    }

    [Fact]
    public async Task Record_ClaimTakenOver_WritesNothing()
    {
        var (_, callback) = await EndAsync((await AddKeyAsync()).Id);
        await ClaimAsync(Ended);
        await ClaimAsync(Ended.AddMinutes(2));

        Assert.False(await RecordAsync(callback, number: 1, CallbackState.GivenUp, Ended, step: 0));

        Assert.Empty(await Callbacks.ListCallbackTriesAsync(callback.Id, None));
        Assert.Equal(CallbackState.Pending, (await Callbacks.FindCallbackAsync(callback.Id, None))!.State);
        Assert.True(await RecordAsync(callback, number: 2, CallbackState.Delivered, Ended, step: 0));
        Assert.False(await RecordAsync(callback, number: 2, CallbackState.Delivered, Ended, step: 0));
    }

    [Fact]
    public async Task Replay_Settled_IsDueWithTheScheduleBeforeItAndKeepsItsHistory()
    {
        var (_, callback) = await EndAsync((await AddKeyAsync()).Id);
        await ClaimAsync(Ended);
        await RecordAsync(callback, number: 1, CallbackState.GivenUp, Ended, step: 12);

        Assert.True(await Callbacks.ReplayCallbackAsync(callback.Id, new ChangedBy("admin", Ended.AddHours(3)), None));

        var entry = Assert.Single(await Audit.ListAuditAsync(new AuditFilter { Action = "callback.replay" }, long.MaxValue, 10, None));
        Assert.Contains("\"state\":\"givenUp\",\"dueAt\":null", entry.Before);
        Assert.Contains("\"state\":\"pending\",\"dueAt\":\"", entry.After);
        var claimed = Assert.Single(await ClaimAsync(Ended.AddHours(3)));
        Assert.Equal((callback.Id, 2, 0), (claimed.Id, claimed.Tries, claimed.Step));
        Assert.Single(await Callbacks.ListCallbackTriesAsync(callback.Id, None));
    }

    [Fact]
    public async Task Replay_BeingSentOrUnknown_ChangesNothing()
    {
        await EndAsync((await AddKeyAsync()).Id);
        var claimed = Assert.Single(await ClaimAsync(Ended));

        Assert.True(await Callbacks.ReplayCallbackAsync(claimed.Id, new ChangedBy("admin", Ended), None));
        Assert.Empty(await ClaimAsync(Ended));
        Assert.False(await Callbacks.ReplayCallbackAsync(Guid.NewGuid(), new ChangedBy("admin", Ended), None));
    }

    [Fact]
    public async Task List_Filters_NewestFirstAndPaged()
    {
        var (first, second) = (await AddKeyAsync("a"), await AddKeyAsync("b"));
        var (task, _) = await EndAsync(first.Id, at: Ended);
        await EndAsync(first.Id, at: Ended.AddSeconds(1));
        await EndAsync(second.Id, at: Ended.AddSeconds(2));
        var settled = Assert.Single(await ClaimAsync(Ended, limit: 1));
        await RecordAsync(new NewCallback(settled.Id, ""), number: 1, CallbackState.Delivered, Ended, step: 0);

        Assert.Equal([2, 1, 0], await EndsAsync(new CallbackFilter()));
        Assert.Equal([1, 0], await EndsAsync(new CallbackFilter(KeyId: first.Id)));
        Assert.Equal([0], await EndsAsync(new CallbackFilter(TaskId: task.Id)));
        Assert.Equal([2, 1], await EndsAsync(new CallbackFilter(State: CallbackState.Pending)));
        var page = await Callbacks.ListCallbacksAsync(new CallbackFilter(Limit: 2), None);
        Assert.Equal([0], await EndsAsync(new CallbackFilter(Before: page[^1].Id)));
    }

    [Fact]
    public async Task Purge_TaskGone_ThePendingCallbackStaysAndTheSettledOneGoes()
    {
        var key = await AddKeyAsync();
        var (_, settled) = await EndAsync(key.Id);
        await ClaimAsync(Ended);
        await RecordAsync(settled, number: 1, CallbackState.Delivered, Ended, step: 0);
        var (task, pending) = await EndAsync(key.Id);
        await Tasks.PurgeAsync(Ended.AddHours(1), DateTimeOffset.UnixEpoch, 10, None);

        Assert.Equal(1, await Callbacks.PurgeCallbacksAsync(Ended.AddHours(1), 10, None));

        Assert.Null(await Tasks.FindAsync(task.Id, None));
        Assert.Null(await Callbacks.FindCallbackAsync(settled.Id, None));
        Assert.Empty(await Callbacks.ListCallbackTriesAsync(settled.Id, None));
        Assert.Equal(pending.Id, Assert.Single(await ClaimAsync(Ended)).Id);
    }

    protected async Task<IReadOnlyList<StoredCallback>> ClaimAsync(
        DateTimeOffset now, int limit = 100, int limitPerReceiver = 100, string[]? busyReceivers = null, long[]? busyKeys = null) =>
        await Callbacks.ClaimCallbacksAsync(
            new CallbackClaim(now, now.AddSeconds(60), limit, limitPerReceiver, busyReceivers ?? [], busyKeys ?? []), None);

    protected async Task<(StoredTask Task, NewCallback Callback)> EndAsync(long keyId, string url = Url, DateTimeOffset? at = null)
    {
        var task = Make.Task(keyId) with { CallbackUrl = url };
        await Tasks.AcceptAsync(task, None);
        var callback = NewCallback.To(url, at ?? Ended);
        await Tasks.FinishAsync(Make.Failed(task, at: at) with { Callback = callback }, None);
        return (task, callback);
    }

    private async Task<bool> RecordAsync(NewCallback callback, int number, CallbackState state, DateTimeOffset dueAt, int step) =>
        await Callbacks.RecordCallbackAsync(
            new CallbackRecord(callback.Id, new CallbackTry(number, Ended.AddSeconds(2), TimeSpan.FromMilliseconds(250), "status 500"), state, dueAt, step), None);

    private async Task<IEnumerable<int>> EndsAsync(CallbackFilter filter) =>
        (await Callbacks.ListCallbacksAsync(filter, None)).Select(callback => (int)(callback.EndedAt - Ended).TotalSeconds);
}
