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
    public ValueTask<bool> ReplayCallbackAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, replay) => CallbackRows.Replay(session.Connection, replay.id, replay.now), (id, now), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountPendingCallbacksAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, _) => CallbackRows.CountPending(session.Connection), 0, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DeferCallbacksAsync(
        CallbackLane lane, IReadOnlyCollection<StoredCallback> claimed, DateTimeOffset until, CancellationToken cancellationToken) =>
        await _writer.WriteAsync(static (session, defer) => CallbackRows.Defer(session.Connection, defer), (lane, claimed, until), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<int> GiveUpCallbacksAsync(CallbackExcess excess, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, excess) => CallbackRows.GiveUp(session.Connection, excess), excess, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeCallbacksAsync(DateTimeOffset settledBefore, int limit, CancellationToken cancellationToken) =>
        _writer.WriteAsync(
            static (session, purge) => CallbackRows.Purge(session.Connection, purge.settledBefore, purge.limit), (settledBefore, limit), cancellationToken);
}
