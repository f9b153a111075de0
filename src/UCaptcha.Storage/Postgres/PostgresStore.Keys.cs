using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>The keys.</summary>
public sealed partial class PostgresStore : IKeyStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => KeyRows.ListLive(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> KeysVersionAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => KeyRows.Version(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredKey> SaveKeyAsync(NewKey key, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, key) => KeyRows.Save(session.Connection, key), key, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RevokeKeyAsync(long id, CancellationToken cancellationToken) =>
        await _writers.WriteAsync(
            static (session, revoked) =>
            {
                KeyRows.Revoke(session.Connection, revoked.id, revoked.at);
                return true;
            },
            (id, at: _time.GetUtcNow()),
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<KeyUsage> GetUsageAsync(long id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, id) => KeyRows.Usage(connection, id), id, cancellationToken);
}
