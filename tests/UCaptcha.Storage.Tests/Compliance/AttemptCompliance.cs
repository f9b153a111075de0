using UCaptcha.Core.Billing;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Compliance;

public abstract class AttemptCompliance(IStoreHost host) : StoreCompliance(host)
{
    [Fact]
    public async Task BeginAttempt_QueuedTask_IsSubmitting()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);
        var attempt = Make.Attempt(task.Id);

        await Tasks.BeginAttemptAsync(attempt, Usd.Zero, None);

        var found = await FindAsync(task.Id);
        Assert.Equal(TaskState.Submitting, found.State);
        Assert.Equal(1, found.Attempts);
        Assert.Equal(attempt, await FindAttemptAsync(task.Id));
    }

    [Fact]
    public async Task RecordSubmission_Submitting_IsSubmittedWithTheUpstreamId()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);

        Assert.Equal(TaskState.Submitted, (await FindAsync(task.Id)).State);
        var expected = Make.Attempt(task.Id) with { State = AttemptState.Submitted, UpstreamId = "up-1", SubmittedAt = Make.Start.AddSeconds(2) };
        Assert.Equal(expected, await FindAttemptAsync(task.Id));
    }

    [Fact]
    public async Task CloseAttempt_TaskGoesOn_IsQueuedAgain()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);

        await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, cost: 5), None);

        Assert.Equal(TaskState.Queued, (await FindAsync(task.Id)).State);
        var attempt = await FindAttemptAsync(task.Id);
        Assert.Equal(AttemptState.Failed, attempt.State);
        Assert.Equal("up-1", attempt.UpstreamId);
        Assert.Equal("ERROR_CAPTCHA_UNSOLVABLE", attempt.ErrorCode);
        Assert.Equal("Unsolved", attempt.ErrorClass);
        Assert.Equal(5, attempt.CostMicros);
        Assert.Equal(Make.Start.AddSeconds(20), attempt.FinishedAt);
    }

    [Fact]
    public async Task CloseAttempt_UpstreamIdKnownOnlyNow_KeepsIt()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);
        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);

        await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, state: AttemptState.Lost, upstreamId: "late"), None);

        var attempt = await FindAttemptAsync(task.Id);
        Assert.Equal(AttemptState.Lost, attempt.State);
        Assert.Equal("late", attempt.UpstreamId);
    }

    [Fact]
    public async Task ListAttempts_Several_InOrderOfNumber()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);
        foreach (var number in (int[])[1, 2, 3])
        {
            await Tasks.BeginAttemptAsync(Make.Attempt(task.Id, number, $"account-{number}"), Usd.Zero, None);
            await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id, number), None);
        }

        var attempts = await Tasks.ListAttemptsAsync(task.Id, None);

        Assert.Equal(["account-1", "account-2", "account-3"], attempts.Select(a => a.Account));
        Assert.Equal(3, (await FindAsync(task.Id)).Attempts);
    }

    [Fact]
    public async Task BeginAttempt_UnknownTask_Throws() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.BeginAttemptAsync(Make.Attempt(Guid.NewGuid()), Usd.Zero, None).AsTask());

    [Fact]
    public async Task BeginAttempt_WrittenAgainAfterItsAnswerWasLost_CountsOnce()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);

        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);

        var found = await FindAsync(task.Id);
        Assert.Equal((TaskState.Submitting, 1), (found.State, found.Attempts));
    }

    [Fact]
    public async Task BeginAttempt_SameNumberTwice_ThrowsAndChangesNothing()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None).AsTask());

        var found = await FindAsync(task.Id);
        Assert.Equal((TaskState.Submitted, 1), (found.State, found.Attempts));
    }

    [Fact]
    public async Task Steps_TaskAtAnEnd_ItStaysThere()
    {
        var task = await AddSubmittedTaskAsync((await AddKeyAsync()).Id);
        await Tasks.FinishAsync(Make.Failed(task), None);
        var ended = await FindAsync(task.Id);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.BeginAttemptAsync(Make.Attempt(task.Id, 2), Usd.Zero, None).AsTask());
        await Tasks.RecordSubmissionAsync(task.Id, 1, "up-2", Make.Start, None);
        await Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id), None);

        AssertSame(ended, await FindAsync(task.Id));
        Assert.Equal("up-2", (await FindAttemptAsync(task.Id)).UpstreamId);
    }

    [Fact]
    public async Task RecordSubmissionAndCloseAttempt_UnknownAttempt_Throw()
    {
        var task = await AddTaskAsync((await AddKeyAsync()).Id);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.RecordSubmissionAsync(task.Id, 1, "u", Make.Start, None).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.CloseAttemptAsync(Make.AttemptEnd(task.Id), None).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.FinishAsync(Make.Failed(task, Make.AttemptEnd(task.Id)), None).AsTask());

        Assert.Equal(TaskState.Queued, (await FindAsync(task.Id)).State);
        Assert.Equal(0, await Tasks.LastSequenceAsync(None));
    }
}
