using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite;

/// <summary>The callbacks.</summary>
public sealed partial class SqliteStore : ICallbackStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCallback>> ClaimCallbacksAsync(CallbackClaim claim, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, claim) => CallbackRows.Claim(session.Connection, claim), claim, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextCallbackDueAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, _) => CallbackRows.NextDue(session.Connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RecordCallbackAsync(CallbackRecord record, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, record) => CallbackRows.Record(session.Connection, record), record, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCallback?> FindCallbackAsync(Guid id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, id) => CallbackRows.Find(session.Connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCallback>> ListCallbacksAsync(CallbackFilter filter, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, filter) => CallbackRows.List(session.Connection, filter), filter, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CallbackTry>> ListCallbackTriesAsync(Guid id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, id) => CallbackRows.Tries(session.Connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReplayCallbackAsync(Guid id, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, replay) => CallbackRows.Replay(session.Connection, replay.id, replay.by), (id, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountPendingCallbacksAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, _) => CallbackRows.CountPending(session.Connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeCallbacksAsync(DateTimeOffset settledBefore, int limit, CancellationToken cancellationToken) =>
        _writer.WriteAsync(
            static (session, purge) => CallbackRows.Purge(session.Connection, purge.settledBefore, purge.limit), (settledBefore, limit), cancellationToken);
}
