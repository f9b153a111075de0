using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using UCaptcha.Core;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>
/// Tells of a store's failures, each kind in one sentence and for all its connections together every ten seconds at most: a disk that is full does not get
/// fuller by what is said of it, and a database that is away needs no stack. Safe for any thread.
/// </summary>
internal sealed class FailureLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(10);

    private readonly LogPacing _repeats = new(BetweenFailures, time);
    private readonly LogPacing _commits = new(BetweenFailures, time);
    private readonly LogPacing _rollbacks = new(BetweenFailures, time);
    private readonly LogPacing _checkpoints = new(BetweenFailures, time);
    private readonly LogPacing _fates = new(BetweenFailures, time);
    private readonly LogPacing _news = new(BetweenFailures, time);

    /// <summary>One of some writes that shared a commit failed, and they are made one by one.</summary>
    public void BatchRepeated(Exception failure, int count)
    {
        if (_repeats.Passes())
            logger.BatchRepeated(Unforeseen(failure), count, failure.Message);
    }

    /// <summary>None of some writes was made.</summary>
    public void CommitFailed(Exception failure, int count)
    {
        if (_commits.Passes())
            logger.CommitFailed(Unforeseen(failure), count, failure.Message);
    }

    /// <summary>What was left of a transaction could not be undone.</summary>
    public void RollbackFailed(Exception failure)
    {
        if (_rollbacks.Passes())
            logger.RollbackFailed(Unforeseen(failure), failure.Message);
    }

    /// <summary>The store could not be closed in order.</summary>
    public void CloseFailed(Exception failure) => logger.CloseFailed(Unforeseen(failure), failure.Message);

    /// <summary>A journal could not be brought into its file.</summary>
    public void CheckpointFailed(Exception failure)
    {
        if (_checkpoints.Passes())
            logger.CheckpointFailed(Unforeseen(failure), failure.Message);
    }

    /// <summary>A connection broke in a commit, and it was found out what became of it.</summary>
    public void CommitResolved(bool committed, Exception failure)
    {
        if (_fates.Passes())
            logger.CommitResolved(Unforeseen(failure), committed ? "was" : "was not", failure.Message);
    }

    /// <summary>Nothing is heard of other nodes.</summary>
    public void NewsCut(Exception failure)
    {
        if (_news.Passes())
            logger.NewsCut(Unforeseen(failure), failure.Message);
    }

    /// <summary>Null for what databases, disks and networks do: their message says all. Of anything else the stack shows where the fault is.</summary>
    private static Exception? Unforeseen(Exception failure) =>
        failure is DbException or StoreUnavailableException or SocketException or IOException or TimeoutException or ObjectDisposedException ? null : failure;
}
