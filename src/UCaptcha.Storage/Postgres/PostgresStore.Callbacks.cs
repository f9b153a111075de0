using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>The callbacks.</summary>
public sealed partial class PostgresStore : ICallbackStore
{
    /// <summary>Nodes that claim at the same time pass over one another's rows.</summary>
    private const string SkipClaimed = "FOR UPDATE SKIP LOCKED";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCallback>> ClaimCallbacksAsync(CallbackClaim claim, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, claim) => CallbackRows.Claim(session.Connection, claim, SkipClaimed), claim, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextCallbackDueAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => CallbackRows.NextDue(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RecordCallbackAsync(CallbackRecord record, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, record) => CallbackRows.Record(session.Connection, record), record, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCallback?> FindCallbackAsync(Guid id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, id) => CallbackRows.Find(connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCallback>> ListCallbacksAsync(CallbackFilter filter, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, filter) => CallbackRows.List(connection, filter), filter, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CallbackTry>> ListCallbackTriesAsync(Guid id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, id) => CallbackRows.Tries(connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReplayCallbackAsync(Guid id, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, replay) => CallbackRows.Replay(session.Connection, replay.id, replay.by), (id, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountPendingCallbacksAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => CallbackRows.CountPending(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeCallbacksAsync(DateTimeOffset settledBefore, int limit, CancellationToken cancellationToken) =>
        _writers.WriteAsync(
            static (session, purge) => CallbackRows.Purge(session.Connection, purge.settledBefore, purge.limit), (settledBefore, limit), cancellationToken);
}
