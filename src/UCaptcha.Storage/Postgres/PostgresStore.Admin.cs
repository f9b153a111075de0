using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <content>Accounts added at run time, and the admin key.</content>
public sealed partial class PostgresStore : IAccountStore, IAdminKeyStore
{
    /// <inheritdoc/>
    public ValueTask<long> AccountsVersionAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => AccountRows.Version(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredAccount>> ListAccountsAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => AccountRows.List(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListRestingAccountsAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => AccountRows.ListResting(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> CreateAccountAsync(StoredAccount account, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, x) => AccountRows.Create(session.Connection, x.account, x.by), (account, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> UpdateAccountAsync(StoredAccount account, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, x) => AccountRows.Update(session.Connection, x.account, x.by), (account, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAccountAsync(string slug, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, x) => AccountRows.Delete(session.Connection, x.slug, x.by), (slug, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RestAccountAsync(string slug, bool rest, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, x) => AccountRows.Rest(session.Connection, x.slug, x.rest, x.by), (slug, rest, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]?> FindAdminKeyAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => AdminKeyRows.Find(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> AddAdminKeyAsync(byte[] hash, DateTimeOffset at, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, x) => AdminKeyRows.Add(session.Connection, x.hash, x.at), (hash, at), cancellationToken);
}
