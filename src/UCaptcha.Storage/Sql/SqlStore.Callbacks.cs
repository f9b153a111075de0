using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>The callbacks.</summary>
public abstract partial class SqlStore : ICallbackStore
{
    /// <summary>Whether several nodes may work on the database at the same time.</summary>
    private protected virtual bool IsShared => false;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCallback>> ClaimCallbacksAsync(CallbackClaim claim, CancellationToken cancellationToken) =>
        WriteAsync(static (connection, claim) => CallbackRows.Claim(connection, claim.claim, claim.IsShared), (claim, IsShared), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextCallbackDueAsync(CancellationToken cancellationToken) =>
        ReadAsync(CallbackRows.NextDue, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RecordCallbackAsync(CallbackRecord record, CancellationToken cancellationToken) =>
        WriteAsync(CallbackRows.Record, record, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCallback?> FindCallbackAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync(CallbackRows.Find, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCallback>> ListCallbacksAsync(CallbackFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(CallbackRows.List, filter, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CallbackTry>> ListCallbackTriesAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync(CallbackRows.Tries, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReplayCallbackAsync(Guid id, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(static (connection, replay) => CallbackRows.Replay(connection, replay.id, replay.by), (id, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountPendingCallbacksAsync(CancellationToken cancellationToken) =>
        ReadAsync(CallbackRows.CountPending, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DeferCallbacksAsync(
        CallbackLane lane, IReadOnlyCollection<StoredCallback> claimed, DateTimeOffset until, CancellationToken cancellationToken) =>
        await WriteAsync(CallbackRows.Defer, (lane, claimed, until), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<int> GiveUpCallbacksAsync(CallbackExcess excess, CancellationToken cancellationToken) =>
        WriteAsync(CallbackRows.GiveUp, excess, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> PurgeCallbacksAsync(DateTimeOffset settledBefore, int limit, CancellationToken cancellationToken) =>
        WriteAsync(
            static (connection, purge) => CallbackRows.Purge(connection, purge.settledBefore, purge.limit), (settledBefore, limit), cancellationToken);
}
