using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Accounts added at run time, and the admin key.</summary>
public abstract partial class SqlStore : IAccountStore, IAdminKeyStore
{
    /// <inheritdoc/>
    public ValueTask<long> AccountsVersionAsync(CancellationToken cancellationToken) =>
        ReadAsync(AccountRows.Version, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredAccount>> ListAccountsAsync(CancellationToken cancellationToken) =>
        ReadAsync(AccountRows.List, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListRestingAccountsAsync(CancellationToken cancellationToken) =>
        ReadAsync(AccountRows.ListResting, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> CreateAccountAsync(StoredAccount account, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(static (connection, x) => AccountRows.Create(connection, x.account, x.by), (account, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> UpdateAccountAsync(StoredAccount account, bool replaced, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(static (connection, x) => AccountRows.Update(connection, x.account, x.replaced, x.by), (account, replaced, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAccountAsync(string slug, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(static (connection, x) => AccountRows.Delete(connection, x.slug, x.by), (slug, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RestAccountAsync(string slug, bool rest, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(static (connection, x) => AccountRows.Rest(connection, x.slug, x.rest, x.by), (slug, rest, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]?> FindAdminKeyAsync(CancellationToken cancellationToken) =>
        ReadAsync(AdminKeyRows.Find, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> AddAdminKeyAsync(byte[] hash, DateTimeOffset at, CancellationToken cancellationToken) =>
        WriteAsync(static (connection, x) => AdminKeyRows.Add(connection, x.hash, x.at), (hash, at), cancellationToken);
}
