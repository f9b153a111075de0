using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Books the end of an attempt: what it cost, what the key pays, and what the account's record says after it.</summary>
internal sealed class AttemptBook(Router router, AccountPool pool, StatisticsBook statistics, TimeProvider clock)
{
    public TaskEnd Solved(LiveTask task, StoredAttempt attempt, UpstreamSolution solution)
    {
        var now = clock.GetUtcNow();
        var family = task.Family;
        var cost = solution.Cost ?? (pool.Find(attempt.Account) is { } gate ? router.PriceAt(gate.Account, family) : Usd.Zero);
        var time = TimeOf(task, attempt, now);
        var record = statistics.RecordSolved(attempt.Account, family.Name, cost, time, now);
        EngineMeter.AttemptSolved(attempt.Account, family.Name, cost, Usd.Min(cost, task.Reserved), time);
        return new TaskEnd(
            task.Stored.Id,
            task.Stored.KeyId,
            TaskState.Ready,
            now,
            solution.Json,
            ErrorCode: null,
            ErrorDescription: null,
            Usd.Min(cost, task.Reserved),
            new AttemptEnd(attempt.TaskId, attempt.Number, AttemptState.Solved, now, attempt.UpstreamId, ErrorCode: null, ErrorClass: null, cost, record));
    }

    public AttemptEnd Failed(LiveTask task, StoredAttempt attempt, AttemptState state, ProviderError error, bool taskMayExist)
    {
        var now = clock.GetUtcNow();
        EngineMeter.AttemptFailed(attempt.Account, task.Family.Name, state, error.Class);
        var record = SaysSomethingOfTheAccount(error, taskMayExist)
            ? statistics.RecordFailed(attempt.Account, task.Family.Name, now)
            : null;
        return new AttemptEnd(attempt.TaskId, attempt.Number, state, now, attempt.UpstreamId, error.Code, error.Class.ToString(), Usd.Zero, record);
    }

    /// <summary>A fault of this server ended it, which says nothing of the account.</summary>
    public AttemptEnd Broken(LiveTask task, StoredAttempt attempt)
    {
        var error = AttemptErrors.CutByFault;
        EngineMeter.AttemptFailed(attempt.Account, task.Family.Name, AttemptState.Lost, error.Class);
        return new AttemptEnd(
            attempt.TaskId, attempt.Number, AttemptState.Lost, clock.GetUtcNow(), attempt.UpstreamId, error.Code, error.Class.ToString(), Usd.Zero, Statistics: null);
    }

    // What was taken up again rested while nobody asked, and a clock may have been set back.
    private TimeSpan TimeOf(LiveTask task, StoredAttempt attempt, DateTimeOffset now)
    {
        var time = now - attempt.StartedAt;
        if (task.History.Resumed == attempt.Number && statistics.UsualTime(attempt.Account, task.Family.Name) is { } usual && usual < time)
            return usual;
        return time > TimeSpan.Zero ? time : TimeSpan.Zero;
    }

    // Refusals for want of a slot, money or a connection are the breaker's; the client's own mistakes and the operator's restarts are nobody's.
    private static bool SaysSomethingOfTheAccount(ProviderError error, bool taskMayExist) => error.Class switch
    {
        _ when error == AttemptErrors.CutByRestart || error == AttemptErrors.AccountGone => false,
        ErrorClass.Retryable or ErrorClass.Lost => true,
        ErrorClass.Transport => taskMayExist,
        _ => false,
    };
}
