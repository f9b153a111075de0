using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>The keys.</summary>
public abstract partial class SqlStore : IKeyStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(CancellationToken cancellationToken) =>
        ReadAsync(KeyRows.ListLive, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> KeysVersionAsync(CancellationToken cancellationToken) =>
        ReadAsync(KeyRows.Version, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredKey> SaveKeyAsync(NewKey key, CancellationToken cancellationToken) =>
        WriteAsync(KeyRows.Save, key, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RevokeKeyAsync(long id, CancellationToken cancellationToken) =>
        await WriteAsync(static (connection, revoked) => KeyRows.Revoke(connection, revoked.id, revoked.at), (id, at: Time.GetUtcNow()), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<KeyUsage> GetUsageAsync(long id, CancellationToken cancellationToken) =>
        ReadAsync(KeyRows.Usage, id, cancellationToken);
}
