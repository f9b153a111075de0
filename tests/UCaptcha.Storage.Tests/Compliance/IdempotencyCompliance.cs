using UCaptcha.Core.Storage;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class IdempotencyCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task Accept_SameRequestIdSameRequest_AnswersTheFirstTask()
    {
        var key = await AddKeyAsync(budget: 1000);
        var first = await AddTaskAsync(key.Id, reserve: 10, requestId: "r");
        var second = Make.Task(key.Id, reserve: 10, requestId: "r");

        Assert.Equal(new AcceptOutcome(AcceptResult.Repeated, first.Id), await Tasks.AcceptAsync(second, None));

        Assert.Null(await Tasks.FindAsync(second.Id, None));
        await AssertUsageAsync(key.Id, spent: 0, reserved: 10);
    }

    [Fact]
    public async Task Accept_SameRequestIdOtherRequest_IsRefused()
    {
        var key = await AddKeyAsync();
        await AddTaskAsync(key.Id, requestId: "r");
        var second = Make.Task(key.Id, requestId: "r", fingerprint: "other");

        Assert.Equal(new AcceptOutcome(AcceptResult.RequestIdTaken), await Tasks.AcceptAsync(second, None));

        Assert.Null(await Tasks.FindAsync(second.Id, None));
    }

    [Fact]
    public async Task FindRequest_UsedOrNot_AnswersAsAcceptWould()
    {
        var key = await AddKeyAsync();
        var task = await AddTaskAsync(key.Id, requestId: "r");

        Assert.Equal(new AcceptOutcome(AcceptResult.Repeated, task.Id), await Tasks.FindRequestAsync(key.Id, "r", task.Fingerprint, None));
        Assert.Equal(
            new AcceptOutcome(AcceptResult.RequestIdTaken),
            await Tasks.FindRequestAsync(key.Id, "r", Make.Task(key.Id, requestId: "r", fingerprint: "other").Fingerprint, None));
        Assert.Null(await Tasks.FindRequestAsync(key.Id, "R", task.Fingerprint, None));
        Assert.Null(await Tasks.FindRequestAsync((await AddKeyAsync("b")).Id, "r", task.Fingerprint, None));
    }

    [Fact]
    public async Task FindRequest_OfAPurgedTask_TellsHowItEnded()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id, requestId: "r");
        await Tasks.FinishAsync(Make.Failed(task), None);
        await Tasks.PurgeAsync(Make.Start.AddHours(1), DateTimeOffset.UnixEpoch, 10, None);

        var found = await Tasks.FindRequestAsync(task.KeyId, "r", task.Fingerprint, None);

        Assert.Equal((task.Id, task.ShortId), (found!.Value.ExistingTaskId, found.Value.Forgotten!.ShortId));
        Assert.Equal(await Tasks.AcceptAsync(Make.Task(task.KeyId, requestId: "r"), None), found);
    }

    [Fact]
    public async Task Accept_RequestIdOfAnotherKey_IsFree()
    {
        await AddTaskAsync((await AddKeyAsync("a")).Id, requestId: "r");

        await AddTaskAsync((await AddKeyAsync("b")).Id, requestId: "r");
    }

    [Fact]
    public async Task Accept_RepeatOfAFullySpentBudget_StillAnswersTheFirstTask()
    {
        var key = await AddKeyAsync(budget: 10);
        var first = await AddTaskAsync(key.Id, reserve: 10, requestId: "r");

        Assert.Equal(first.Id, (await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 10, requestId: "r"), None)).ExistingTaskId);
    }

    [Fact]
    public async Task Accept_AfterARefusedOne_TheRequestIdIsFree()
    {
        var key = await AddKeyAsync(budget: 10);
        Assert.Equal(AcceptResult.BudgetUsedUp, (await Tasks.AcceptAsync(Make.Task(key.Id, reserve: 11, requestId: "r"), None)).Result);

        await AddTaskAsync(key.Id, reserve: 10, requestId: "r");
    }

    [Fact]
    public async Task Accept_SameRequestIdAtOnce_OneTaskAndItsIdForAll()
    {
        var key = await AddKeyAsync(budget: 1_000_000);
        var tasks = Enumerable.Range(0, 200).Select(_ => Make.Task(key.Id, reserve: 7, requestId: "r")).ToList();

        var outcomes = await Task.WhenAll(tasks.Select(t => Task.Run(async () => (t.Id, Outcome: await Tasks.AcceptAsync(t, None)))));

        var accepted = Assert.Single(outcomes, o => o.Outcome.Result == AcceptResult.Accepted);
        Assert.All(
            outcomes.Where(o => o.Id != accepted.Id),
            o => Assert.Equal(new AcceptOutcome(AcceptResult.Repeated, accepted.Id), o.Outcome));
        await AssertUsageAsync(key.Id, spent: 0, reserved: 7);
    }

    [Fact]
    public async Task Accept_ShortIdTakenFirst_TheRequestIdGoesToTheRetry()
    {
        var key = await AddKeyAsync();
        var other = await AddTaskAsync(key.Id);
        var task = Make.Task(key.Id, requestId: "r");
        Assert.Equal(AcceptResult.ShortIdTaken, (await Tasks.AcceptAsync(task with { ShortId = other.ShortId }, None)).Result);

        Assert.Equal(AcceptResult.Accepted, (await Tasks.AcceptAsync(task, None)).Result);
        Assert.Equal(task.Id, (await Tasks.AcceptAsync(Make.Task(key.Id, requestId: "r"), None)).ExistingTaskId);
    }
}
