using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite;

/// <summary>Customers, the ledger, the keys as administrators change them, and the audit log.</summary>
public sealed partial class SqliteStore : ICustomerStore, ILedgerStore, IKeyAdminStore, IAuditStore
{
    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> CreateCustomerAsync(NewCustomer customer, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, create) => CustomerRows.Create(session.Connection, create), (customer, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> RenameCustomerAsync(long id, string name, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, rename) => CustomerRows.Rename(session.Connection, rename), (id, name, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> FindCustomerAsync(long id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, id) => CustomerRows.Find(session.Connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCustomer>> ListCustomersAsync(long afterId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, page) => CustomerRows.List(session.Connection, page), (afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BookingOutcome> BookAsync(NewBooking booking, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, book) => CustomerRows.Book(session.Connection, book), (booking, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerEntry>> ListLedgerAsync(LedgerFilter filter, long afterId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, page) => LedgerRows.List(session.Connection, page), (filter, afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LedgerVerdict> VerifyLedgerAsync(CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, _) => LedgerRows.Verify(session.Connection), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> CreateKeyAsync(NewKey key, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, create) => KeyAdminRows.Create(session.Connection, create), (key, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> RotateKeyAsync(long id, KeyText text, DateTimeOffset oldUntil, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, rotate) => KeyAdminRows.Rotate(session.Connection, rotate), (id, text, oldUntil, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> ChangeKeyAsync(long id, Func<KeyTerms, KeyTerms> change, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, change) => KeyAdminRows.ChangeTerms(session.Connection, change), (id, change, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> RevokeKeyAsync(long id, ChangedBy by, CancellationToken cancellationToken) =>
        _writer.WriteAsync(static (session, revoke) => KeyAdminRows.Revoke(session.Connection, revoke), (id, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredKey?> FindKeyAsync(long id, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, id) => KeyRows.Find(session.Connection, id), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(long? customerId, long afterId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, page) => KeyRows.List(session.Connection, page), (customerId, afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendAuditAsync(NewAuditEntry entry, CancellationToken cancellationToken) =>
        await _writer.WriteAsync(
            static (session, entry) =>
            {
                AuditRows.Append(session.Connection, entry);
                return true;
            },
            entry,
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditFilter filter, long beforeId, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, page) => AuditRows.List(session.Connection, page), (filter, beforeId, limit), cancellationToken);
}
