using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class PurgeCompliance(IStoreHost host) : StoreCompliance(host)
{
    private static readonly DateTimeOffset Never = DateTimeOffset.UnixEpoch;

    [Fact]
    public async Task Purge_EndedBefore_ForgetsExactlyThose()
    {
        var key = await AddKeyAsync();
        var old = await EndAsync(key.Id, Make.Start);
        var atTheMoment = await EndAsync(key.Id, Make.Start.AddHours(1));
        var unfinished = await AddTaskAsync(key.Id, at: Make.Start.AddDays(-9));

        Assert.Equal(1, await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 100, None));

        Assert.Null(await Tasks.FindAsync(old.Id, None));
        Assert.Null(await Tasks.FindAsync(key.Id, old.ShortId, None));
        Assert.Empty(await Tasks.ListAttemptsAsync(old.Id, None));
        Assert.Equal([atTheMoment.Id], (await Tasks.ListFinishedAsync(key.Id, 0, 10, None)).Tasks.Select(t => t.Id));
        Assert.NotNull(await Tasks.FindAsync(unfinished.Id, None));
    }

    [Fact]
    public async Task Purge_Limited_OldestFirst()
    {
        var key = await AddKeyAsync();
        for (var i = 0; i < 5; i++)
            await EndAsync(key.Id, Make.Start.AddSeconds(5 - i));

        Assert.Equal(2, await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 2, None));
        Assert.Equal([1L, 2, 3], (await Tasks.ListFinishedAsync(key.Id, 0, 10, None)).Tasks.Select(t => t.Sequence!.Value));
        Assert.Equal(3, await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 10, None));
        Assert.Equal(0, await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 10, None));
    }

    [Fact]
    public async Task Purge_RequestIdsAloneOrMoreThanTasks_TellsOfThem()
    {
        var key = await AddKeyAsync();
        for (var i = 0; i < 5; i++)
            await AddTaskAsync(key.Id, requestId: $"r{i}");
        await EndAsync(key.Id, Make.Start);

        Assert.Equal(3, await Tasks.PurgeAsync(Make.Start.AddHours(1), Make.Start.AddMilliseconds(1), 3, None));
        Assert.Equal(2, await Tasks.PurgeAsync(Make.Start.AddHours(1), Make.Start.AddMilliseconds(1), 3, None));
        Assert.Equal(0, await Tasks.PurgeAsync(Make.Start.AddHours(1), Make.Start.AddMilliseconds(1), 3, None));
        for (var i = 0; i < 5; i++)
            await AddTaskAsync(key.Id, requestId: $"r{i}");
    }

    [Fact]
    public async Task Purge_MoneyAndStatistics_Stay()
    {
        var key = await AddKeyAsync();
        var task = await AddSubmittedTaskAsync(key.Id, reserve: 100);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70) with { Statistics = Make.Statistics() }), None);

        Assert.Equal(1, await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 10, None));

        await AssertUsageAsync(key.Id, spent: 70, reserved: 0);
        Assert.Equal(70, Assert.Single(Host.ReadLedger()).AmountMicros);
        Assert.Single(await Tasks.ListStatisticsAsync(None));
    }

    [Fact]
    public async Task Purge_RequestIdStillYoung_StillAnswersTheForgottenTask()
    {
        var key = await AddKeyAsync();
        var task = await AddTaskAsync(key.Id, requestId: "r");
        await Tasks.FinishAsync(Make.Failed(task), None);
        await Tasks.PurgeAsync(Make.Start.AddHours(1), Make.Start, 10, None);

        var repeated = await Tasks.AcceptAsync(Make.Task(key.Id, requestId: "r"), None);

        Assert.Equal((AcceptResult.Repeated, task.Id), (repeated.Result, repeated.ExistingTaskId));
        Assert.Equal(
            new ForgottenTask(task.ShortId, TaskState.Failed, 0, task.CreatedAt, Make.Start.AddSeconds(30), Usd.Zero, "ERROR_CAPTCHA_UNSOLVABLE", "Nobody solved it."),
            repeated.Forgotten);
    }

    [Fact]
    public async Task Purge_SolvedTaskWithARequestId_ItsCostIsStillTold()
    {
        var key = await AddKeyAsync(budget: 100);
        var task = await AddTaskAsync(key.Id, reserve: 100, requestId: "r");
        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await Tasks.FinishAsync(Make.Ready(task, charge: 70, Solved(task, cost: 70)), None);
        await AddTaskAsync(key.Id, requestId: "under way");
        Assert.Equal(1, await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 10, None));
        await ReopenAsync();

        var repeated = await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 100, requestId: "r"), None);

        Assert.Equal((TaskState.Ready, new Usd(70), 1, null), (repeated.Forgotten!.State, repeated.Forgotten.Cost, repeated.Forgotten.Attempts, repeated.Forgotten.ErrorCode));
        Assert.Equal(AcceptResult.RequestIdTaken, (await Tasks.AcceptAsync(Make.Task(key.Id, requestId: "r", fingerprint: "other"), None)).Result);
        Assert.Null((await Tasks.AcceptAsync(Make.Task(key.Id, requestId: "under way"), None)).Forgotten);
    }

    [Fact]
    public async Task Purge_RequestIdOld_IsFreeAgain()
    {
        var key = await AddKeyAsync();
        var task = await AddTaskAsync(key.Id, requestId: "r");
        await Tasks.FinishAsync(Make.Failed(task), None);

        await Tasks.PurgeAsync(Make.Start.AddHours(1), Make.Start.AddMilliseconds(1), 10, None);

        await AddTaskAsync(key.Id, requestId: "r");
    }

    [Fact]
    public async Task Purge_RequestIdForgottenAndUsedAnew_IsNotToldTheEndOfTheFirst()
    {
        var key = await AddKeyAsync();
        await Tasks.FinishAsync(Make.Failed(await AddTaskAsync(key.Id, requestId: "r")), None);
        await Tasks.PurgeAsync(Never, Make.Start.AddMilliseconds(1), 10, None);
        var second = await AddTaskAsync(key.Id, requestId: "r");
        Assert.Equal(1, await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 10, None));

        var repeated = await Tasks.AcceptAsync(Make.Task(key.Id, requestId: "r"), None);

        Assert.Equal((second.Id, null), (repeated.ExistingTaskId, repeated.Forgotten));
    }

    [Fact]
    public async Task Purge_TheLastOne_PlacesGoOnAfterIt()
    {
        var key = await AddKeyAsync();
        await EndAsync(key.Id, Make.Start);
        await EndAsync(key.Id, Make.Start);
        await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 10, None);
        await ReopenAsync();

        Assert.Equal(2, await Tasks.LastSequenceAsync(None));
        Assert.Equal(3, await Tasks.FinishAsync(Make.Failed(await AddTaskAsync(key.Id)), None));
    }

    [Fact]
    public async Task Purge_ShortId_CanBeUsedAgain()
    {
        var key = await AddKeyAsync();
        var task = await EndAsync(key.Id, Make.Start);
        await Tasks.PurgeAsync(Make.Start.AddHours(1), Never, 10, None);

        var next = Make.Task(key.Id) with { ShortId = task.ShortId };

        Assert.Equal(AcceptResult.Accepted, (await Tasks.AcceptAsync(next, None)).Result);
    }

    private async Task<StoredTask> EndAsync(long keyId, DateTimeOffset at)
    {
        var task = await AddTaskAsync(keyId);
        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await Tasks.FinishAsync(Make.Failed(task, Make.AttemptEnd(task.Id), at), None);
        return task;
    }
}
