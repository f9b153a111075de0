using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>Customers, the ledger, the keys as administrators change them, and the audit log.</summary>
public sealed partial class PostgresStore : ICustomerStore, ILedgerStore, IKeyAdminStore, IAuditStore
{
    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> CreateCustomerAsync(NewCustomer customer, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, create) => CustomerRows.Create(session.Connection, create), (customer, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> RenameCustomerAsync(long id, string name, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, rename) => CustomerRows.Rename(session.Connection, rename), (id, name, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> FindCustomerAsync(long id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, id) => CustomerRows.Find(connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCustomer>> ListCustomersAsync(long afterId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, page) => CustomerRows.List(connection, page), (afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BookingOutcome> BookAsync(NewBooking booking, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, book) => CustomerRows.Book(session.Connection, book), (booking, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerEntry>> ListLedgerAsync(LedgerFilter filter, long afterId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, page) => LedgerRows.List(connection, page), (filter, afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LedgerVerdict> VerifyLedgerAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, _) => LedgerRows.Verify(connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> CreateKeyAsync(NewKey key, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, create) => KeyAdminRows.Create(session.Connection, create), (key, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> RotateKeyAsync(long id, KeyText text, DateTimeOffset oldUntil, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, rotate) => KeyAdminRows.Rotate(session.Connection, rotate), (id, text, oldUntil, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> ChangeKeyAsync(long id, Func<KeyTerms, KeyTerms> change, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, change) => KeyAdminRows.ChangeTerms(session.Connection, change), (id, change, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> RevokeKeyAsync(long id, ChangedBy by, CancellationToken cancellationToken) =>
        _writers.WriteAsync(static (session, revoke) => KeyAdminRows.Revoke(session.Connection, revoke), (id, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredKey?> FindKeyAsync(long id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, id) => KeyRows.Find(connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(long? customerId, long afterId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, page) => KeyRows.List(connection, page), (customerId, afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendAuditAsync(NewAuditEntry entry, CancellationToken cancellationToken) =>
        await _writers.WriteAsync(
            static (session, entry) =>
            {
                AuditRows.Append(session.Connection, entry);
                return true;
            },
            entry,
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditFilter filter, long beforeId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, page) => AuditRows.List(connection, page), (filter, beforeId, limit), cancellationToken);
}
