using Microsoft.Extensions.Logging;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>
/// A task's life: account after account until one solves it or a budget is used up. What a step decides is committed
/// before the next step, so that the life goes on after a crash where it stood.
/// When the server is stopping, waiting for accounts and polls ends and the tasks go on after the next start; when it is cut,
/// upstream calls and writes end as well.
/// </summary>
internal sealed partial class TaskRunner(
    ITaskStore store,
    AttemptPlanner planner,
    AccountPool pool,
    AttemptBook book,
    PollScheduler polls,
    DurableWrites writes,
    EngineOptions options,
    TimeProvider clock,
    ILogger logger,
    EngineStop stop)
{
    /// <summary>A provider that cannot be reached this many polls in a row is given up for this task.</summary>
    private const int MaxSilentPolls = 5;

    /// <summary>Polls that tell nothing double the interval, up to this many times it: a provider is back after a restart, and one that is asked too often after a pause.</summary>
    private const int LongestPause = 8;

    /// <summary>Lives the rest of a task's life. Null when the server stops first, or the task is another node's.</summary>
    public async Task<TaskView?> RunAsync(LiveTask task)
    {
        try
        {
            var end = task.UnderWay is { } underWay ? await ResumeAsync(task, underWay).ConfigureAwait(false) : null;
            while (end is null)
                end = await NextAttemptAsync(task).ConfigureAwait(false);
            return end;
        }
        catch (LeaseLostException)
        {
            return null;
        }
        catch (OperationCanceledException) when (stop.Begun)
        {
            return null;
        }
        catch (Exception) when (task.IsLetGo)
        {
            // It went on elsewhere while a write of it was on its way here.
            return null;
        }
        catch (Exception exception)
        {
            LogBroken(logger, task.Stored.Id, exception);
            var attempt = task.UnderWay is { } underWay ? book.Broken(task, underWay) : null;
            return await FailAsync(task, ErrorCodes.Internal, "The task ended by a fault of this server.", attempt).ConfigureAwait(false);
        }
    }

    private async Task<TaskView?> NextAttemptAsync(LiveTask task)
    {
        if (task.IsLetGo)
            throw new LeaseLostException();
        // What is begun now could not come to its end any more.
        stop.Stopping.ThrowIfCancellationRequested();
        var plan = planner.Plan(task);
        if (plan.GivenUp is { } reason)
            return await FailAsync(task, reason).ConfigureAwait(false);
        var latest = planner.LatestEntry(task, plan.Gates);
        var entry = plan.TryEnterAtOnce() ?? await WaitForAccountAsync(plan, latest).ConfigureAwait(false);
        if (entry is null)
            return clock.GetUtcNow() < latest ? null : await FailAsync(task, AttemptPlanner.OutOfTime(task)).ConfigureAwait(false);
        try
        {
            return await AttemptAsync(task, entry, plan).ConfigureAwait(false);
        }
        catch
        {
            // If it was the probe, another one must be let in.
            entry.RecordNeutral();
            throw;
        }
        finally
        {
            entry.Gate.Leave();
        }
    }

    private async Task<GateEntry?> WaitForAccountAsync(AttemptPlan plan, DateTimeOffset latest)
    {
        var entry = await pool.WaitAsync(plan.Gates, latest).ConfigureAwait(false);
        if (entry is null)
            stop.Stopping.ThrowIfCancellationRequested();
        return entry;
    }

    private async Task<TaskView?> AttemptAsync(LiveTask task, GateEntry entry, AttemptPlan plan)
    {
        var account = entry.Gate.Account;
        var attempt = new StoredAttempt
        {
            TaskId = task.Stored.Id,
            Number = task.History.Begun + 1,
            Account = account.Slug,
            Kind = account.Kind,
            Decision = plan.Explain(account.Slug),
            StartedAt = clock.GetUtcNow(),
        };
        var price = planner.PriceOf(task, account);
        if (!await writes.UntilWrittenAsync(task, () => store.BeginAttemptAsync(attempt, price, CancellationToken.None)).ConfigureAwait(false))
        {
            entry.RecordNeutral();
            task.History.NoteTooDear(account.Slug);
            return null;
        }

        task.UnderWay = attempt;
        task.History.Begin();
        task.Reserved = Usd.Max(task.Reserved, price);
        task.Show(task.View with { Attempt = attempt.Number });

        var request = task.Request;
        var outcome = await account.SubmitAsync(request, stop.Cut).ConfigureAwait(false);
        switch (outcome)
        {
            case SubmitOutcome.Accepted accepted:
                entry.RecordSuccess();
                entry.Gate.LetIn();
                attempt = attempt with { UpstreamId = accepted.UpstreamId, SubmittedAt = clock.GetUtcNow() };
                task.UnderWay = attempt;
                await writes.UntilWrittenAsync(task, () => store.RecordSubmissionAsync(
                    attempt.TaskId, attempt.Number, accepted.UpstreamId, attempt.SubmittedAt.Value, CancellationToken.None)).ConfigureAwait(false);
                return await FollowAsync(task, request, entry, attempt, pollsMade: 0).ConfigureAwait(false);
            case SubmitOutcome.Solved solved:
                entry.RecordSuccess();
                return await SolvedAsync(task, attempt with { UpstreamId = solved.UpstreamId }, solved.Solution).ConfigureAwait(false);
            case SubmitOutcome.Refused refused:
                entry.RecordError(refused.Error);
                return await CloseAsync(task, attempt, AttemptState.Failed, refused.Error, taskMayExist: false).ConfigureAwait(false);
            case SubmitOutcome.Unknown unknown:
                entry.RecordError(unknown.Error);
                return await LostAsync(task, attempt, unknown.Error).ConfigureAwait(false);
            default:
                throw new InvalidOperationException($"Submission outcome {outcome.GetType().Name} is not known.");
        }
    }

    private async Task<TaskView?> FollowAsync(LiveTask task, TaskRequest request, GateEntry entry, StoredAttempt attempt, int pollsMade)
    {
        var account = entry.Gate.Account;
        var deadline = task.Stored.Deadline;
        var due = attempt.SubmittedAt!.Value + account.PollPlan.FirstPoll;
        var (silent, pause) = (0, 1);
        while (pollsMade++ < account.PollPlan.MaxPolls)
        {
            if (!await polls.WaitUntilAsync(due < deadline ? due : deadline).ConfigureAwait(false))
                throw new OperationCanceledException(stop.Stopping);
            if (task.IsLetGo)
                throw new LeaseLostException();
            var outcome = await account.PollAsync(request, attempt.UpstreamId!, stop.Cut).ConfigureAwait(false);
            due = clock.GetUtcNow() + account.PollPlan.Interval;
            switch (outcome)
            {
                case PollOutcome.Solved solved:
                    entry.RecordSuccess();
                    return await SolvedAsync(task, attempt, solved.Solution).ConfigureAwait(false);
                case PollOutcome.Failed failed:
                    entry.RecordError(failed.Error);
                    return await CloseAsync(task, attempt, AttemptState.Failed, failed.Error, taskMayExist: true).ConfigureAwait(false);
                case PollOutcome.Inconclusive inconclusive:
                    entry.RecordError(inconclusive.Error);
                    // A provider that asks for slower polls is there.
                    silent = inconclusive.Error.Class == ErrorClass.Busy ? 0 : silent + 1;
                    if (silent >= MaxSilentPolls)
                        return await CloseAsync(task, attempt, AttemptState.Lost, inconclusive.Error, taskMayExist: true).ConfigureAwait(false);
                    pause = Math.Min(pause * 2, LongestPause);
                    due += (account.PollPlan.Interval * (pause - 1)) + (inconclusive.Error.RetryAfter ?? TimeSpan.Zero);
                    break;
                default:
                    (silent, pause) = (0, 1);
                    break;
            }

            if (clock.GetUtcNow() >= deadline)
                return await CloseAsync(task, attempt, AttemptState.Failed, AttemptErrors.TimeUp, taskMayExist: true).ConfigureAwait(false);
        }

        return await CloseAsync(task, attempt, AttemptState.Failed, AttemptErrors.PollLimit, taskMayExist: true).ConfigureAwait(false);
    }

    private async Task<TaskView?> ResumeAsync(LiveTask task, StoredAttempt attempt)
    {
        task.History.Resume(attempt.Number);
        if (attempt.State == AttemptState.Submitting)
            return await LostAsync(task, attempt, AttemptErrors.CutByRestart).ConfigureAwait(false);
        if (pool.Find(attempt.Account) is not { } gate)
            return await CloseAsync(task, attempt, AttemptState.Lost, AttemptErrors.AccountGone, taskMayExist: true).ConfigureAwait(false);
        var plan = gate.Account.PollPlan;
        var followed = clock.GetUtcNow() - attempt.SubmittedAt!.Value - plan.FirstPoll;
        var pollsMade = followed > TimeSpan.Zero && plan.Interval > TimeSpan.Zero ? (int)Math.Min(followed / plan.Interval, plan.MaxPolls / 2) : 0;
        var entry = gate.Adopt();
        try
        {
            return await FollowAsync(task, task.Request, entry, attempt, pollsMade).ConfigureAwait(false);
        }
        finally
        {
            entry.Gate.Leave();
        }
    }

    private async Task<TaskView?> LostAsync(LiveTask task, StoredAttempt attempt, ProviderError error)
    {
        if (options.OnUnknownSubmission == UnknownSubmission.Elsewhere)
            return await CloseAsync(task, attempt, AttemptState.Lost, error, taskMayExist: true).ConfigureAwait(false);
        // In one write: a crash between two would send the task elsewhere after all.
        return await FailAsync(
            task,
            ErrorCodes.CaptchaUnsolvable,
            "It is not known whether the provider got the task, and it is not to be sent twice.",
            Ended(task, attempt, AttemptState.Lost, error, taskMayExist: true)).ConfigureAwait(false);
    }

    private async Task<TaskView?> CloseAsync(LiveTask task, StoredAttempt attempt, AttemptState state, ProviderError error, bool taskMayExist)
    {
        var end = Ended(task, attempt, state, error, taskMayExist);
        await writes.UntilWrittenAsync(task, () => store.CloseAttemptAsync(end, CancellationToken.None)).ConfigureAwait(false);
        task.UnderWay = null;
        return null;
    }

    private AttemptEnd Ended(LiveTask task, StoredAttempt attempt, AttemptState state, ProviderError error, bool taskMayExist)
    {
        LogAttemptFailed(logger, task.Stored.Id, attempt.Number, attempt.Account, error.Class, error.Code);
        task.History.Note(attempt.Account, error, taskMayExist);
        return book.Failed(task, attempt, state, error, taskMayExist);
    }

    private async Task<TaskView> SolvedAsync(LiveTask task, StoredAttempt attempt, UpstreamSolution solution)
    {
        var end = book.Solved(task, attempt, solution);
        return await FinishAsync(task, end).ConfigureAwait(false);
    }

    private Task<TaskView> FailAsync(LiveTask task, ClientError reason) => FailAsync(task, reason.Code, reason.Description);

    private Task<TaskView> FailAsync(LiveTask task, string code, string description, AttemptEnd? attempt = null) =>
        FinishAsync(task, new TaskEnd(
            task.Stored.Id, task.Stored.KeyId, TaskState.Failed, clock.GetUtcNow(), default, code, description, Usd.Zero, attempt));

    private async Task<TaskView> FinishAsync(LiveTask task, TaskEnd end)
    {
        if (task.Stored.CallbackUrl is { } url)
            end = end with { Callback = NewCallback.To(url, end.At) };
        var sequence = await writes.UntilWrittenAsync(task, () => store.FinishAsync(end, CancellationToken.None)).ConfigureAwait(false);
        // It had ended before: by a write of ours whose answer was lost, or by another hand. What is stored is what happened.
        if (sequence == 0 && await writes.UntilWrittenAsync(task, () => store.FindAsync(task.Stored.Id, CancellationToken.None)).ConfigureAwait(false) is { } ended)
            return TaskView.Of(ended);
        return TaskView.Of(task.Stored with
        {
            State = end.State,
            Attempts = task.History.Begun,
            Sequence = sequence,
            FinishedAt = end.At,
            Solution = end.Solution,
            Cost = end.Charge,
            ErrorCode = end.ErrorCode,
            ErrorDescription = end.ErrorDescription,
        });
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Task {TaskId}: attempt {Attempt} on {Account} failed: {ErrorClass} {ErrorCode}.")]
    private static partial void LogAttemptFailed(ILogger logger, Guid taskId, int attempt, string account, ErrorClass errorClass, string errorCode);

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "Task {TaskId} ended by an unexpected exception.")]
    private static partial void LogBroken(ILogger logger, Guid taskId, Exception exception);
}
