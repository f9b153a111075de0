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
        var record = statistics.RecordSolved(attempt.Account, family.Name, cost, now - attempt.StartedAt, now);
        EngineMeter.AttemptSolved(attempt.Account, family.Name, cost, Usd.Min(cost, task.Reserved), now - attempt.StartedAt);
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
        var record = SaysSomethingOfTheAccount(error.Class, taskMayExist)
            ? statistics.RecordFailed(attempt.Account, task.Family.Name, now)
            : null;
        return new AttemptEnd(attempt.TaskId, attempt.Number, state, now, attempt.UpstreamId, error.Code, error.Class.ToString(), Usd.Zero, record);
    }

    // Refusals for want of a slot, money or a connection are the breaker's; the client's own mistakes are nobody's.
    private static bool SaysSomethingOfTheAccount(ErrorClass errorClass, bool taskMayExist) => errorClass switch
    {
        ErrorClass.Retryable or ErrorClass.Lost => true,
        ErrorClass.Transport => taskMayExist,
        _ => false,
    };
}
