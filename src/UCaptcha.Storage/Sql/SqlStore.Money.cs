using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Customers, the ledger, the keys as administrators change them, and the audit log.</summary>
public abstract partial class SqlStore : ICustomerStore, ILedgerStore, IKeyAdminStore, IAuditStore
{
    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> CreateCustomerAsync(NewCustomer customer, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(CustomerRows.Create, (customer, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> RenameCustomerAsync(long id, string name, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(CustomerRows.Rename, (id, name, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> FindCustomerAsync(long id, CancellationToken cancellationToken) =>
        ReadAsync(CustomerRows.Find, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCustomer>> ListCustomersAsync(long afterId, int limit, CancellationToken cancellationToken) =>
        ReadAsync(CustomerRows.List, (afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BookingOutcome> BookAsync(NewBooking booking, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(CustomerRows.Book, (booking, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerEntry>> ListLedgerAsync(LedgerFilter filter, long afterId, int limit, CancellationToken cancellationToken) =>
        ReadAsync(LedgerRows.List, (filter, afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LedgerVerdict> VerifyLedgerAsync(CancellationToken cancellationToken) =>
        ReadAsync(LedgerRows.Verify, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> CreateKeyAsync(NewKey key, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(KeyAdminRows.Create, (key, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> RotateKeyAsync(long id, KeyText text, DateTimeOffset oldUntil, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(KeyAdminRows.Rotate, (id, text, oldUntil, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> ChangeKeyAsync(long id, Func<KeyTerms, KeyTerms> change, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(KeyAdminRows.ChangeTerms, (id, change, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> ResealKeyAsync(
        long id, Func<IReadOnlyList<StoredWebhookSecret>, IReadOnlyList<StoredWebhookSecret>> reseal, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(KeyAdminRows.Reseal, (id, reseal, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyChange> RevokeKeyAsync(long id, ChangedBy by, CancellationToken cancellationToken) =>
        WriteAsync(KeyAdminRows.Revoke, (id, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredKey?> FindKeyAsync(long id, CancellationToken cancellationToken) =>
        ReadAsync(KeyRows.Find, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(long? customerId, long afterId, int limit, CancellationToken cancellationToken) =>
        ReadAsync(KeyRows.List, (customerId, afterId, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendAuditAsync(NewAuditEntry entry, CancellationToken cancellationToken) =>
        await WriteAsync(AuditRows.Append, entry, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditFilter filter, long beforeId, int limit, CancellationToken cancellationToken) =>
        ReadAsync(AuditRows.List, (filter, beforeId, limit), cancellationToken);
}
