using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;

namespace UCaptcha.Core.Storage;

/// <summary>
/// Keeps tasks and their attempts. Every write returns only after its commit; the order of calls on one task is the
/// caller's. A store that cannot write throws <see cref="StoreUnavailableException"/>; nothing was written unless it says
/// that it may have. Attempts and ends may be written again after it: what is there already is left as it is.
/// </summary>
public interface ITaskStore
{
    /// <summary>Stores a new task with its reserve and its request id, or tells why not.</summary>
    ValueTask<AcceptOutcome> AcceptAsync(StoredTask task, CancellationToken cancellationToken);

    /// <summary>
    /// What the answer to a repetition is: the task of the request, or that the id was used for another request. Null when the key
    /// has not used this request id.
    /// </summary>
    ValueTask<AcceptOutcome?> FindRequestAsync(long keyId, string requestId, ReadOnlyMemory<byte> fingerprint, CancellationToken cancellationToken);

    /// <summary>
    /// Commits the intent to submit: the task is Submitting. A price above what is reserved for the task is reserved as well;
    /// false when the key's budget or the customer's balance does not cover that, and then nothing was written.
    /// </summary>
    ValueTask<bool> BeginAttemptAsync(StoredAttempt attempt, Usd price, CancellationToken cancellationToken);

    /// <summary>Commits the upstream id: the task is Submitted.</summary>
    ValueTask RecordSubmissionAsync(Guid taskId, int attempt, string upstreamId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Commits the end of an attempt that did not end the task: the task is Queued.</summary>
    ValueTask CloseAttemptAsync(AttemptEnd end, CancellationToken cancellationToken);

    /// <summary>Commits the end of a task and returns its place in the commit order of ended tasks. A task that is already at an end stays as it is, and the answer is 0.</summary>
    ValueTask<long> FinishAsync(TaskEnd end, CancellationToken cancellationToken);

    /// <summary>A task by its id, or null when there is none (any more).</summary>
    ValueTask<StoredTask?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>A key's task by its short id, or null.</summary>
    ValueTask<StoredTask?> FindAsync(long keyId, int shortId, CancellationToken cancellationToken);

    /// <summary>The attempts of a task, in order.</summary>
    ValueTask<IReadOnlyList<StoredAttempt>> ListAttemptsAsync(Guid taskId, CancellationToken cancellationToken);

    /// <summary>Every task that is not at an end, oldest first, each with its attempts.</summary>
    IAsyncEnumerable<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)> ListUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>A key's ended tasks behind a place in the commit order, in that order.</summary>
    ValueTask<FinishedPage> ListFinishedAsync(long keyId, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>The last place in the commit order of ended tasks, 0 when there is none.</summary>
    ValueTask<long> LastSequenceAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a verdict on a task's solution with the account's record after it, and gives the charge back if it says so: then the
    /// provider's cost is the operator's loss. False when the task has a verdict already or is gone; nothing was written.
    /// </summary>
    ValueTask<bool> AddFeedbackAsync(Feedback verdict, StatisticsRow? statistics, CancellationToken cancellationToken);

    /// <summary>All accounts' records.</summary>
    ValueTask<IReadOnlyList<StatisticsRow>> ListStatisticsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Forgets the results that ended before a moment, and request ids used before another, at most so many of either; returns how many
    /// of which there were more. Less than the limit: none is left.
    /// </summary>
    ValueTask<int> PurgeAsync(DateTimeOffset endedBefore, DateTimeOffset requestIdsBefore, int limit, CancellationToken cancellationToken);
}

/// <summary>The store cannot be read or written now; trying again later may help.</summary>
public class StoreUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The write was under way when the store was lost: it may have been committed.</summary>
    public bool MayHaveWritten { get; init; }
}
