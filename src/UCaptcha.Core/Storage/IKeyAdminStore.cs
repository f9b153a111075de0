using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;

namespace UCaptcha.Core.Storage;

/// <summary>
/// Makes and changes keys at run time. Keys from configuration can be listed here and changed only there. Every change is
/// in the audit log, in its own transaction, and raises <see cref="IKeyStore.KeysVersionAsync"/>.
/// </summary>
public interface IKeyAdminStore
{
    /// <summary>Adds a key to a customer.</summary>
    ValueTask<KeyChange> CreateKeyAsync(NewKey key, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Gives a key another text; the old one is good until a moment. A text from an earlier rotation ends at once.</summary>
    ValueTask<KeyChange> RotateKeyAsync(long id, KeyText text, DateTimeOffset oldUntil, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Changes what a key may do. The function may be called more than once.</summary>
    ValueTask<KeyChange> ChangeKeyAsync(long id, Func<KeyTerms, KeyTerms> change, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Ends a key at once and for good. Its tasks and its spending stay.</summary>
    ValueTask<KeyChange> RevokeKeyAsync(long id, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>A key, revoked or not, or null.</summary>
    ValueTask<StoredKey?> FindKeyAsync(long id, CancellationToken cancellationToken);

    /// <summary>Seals what signs a key's callbacks anew, of a revoked key as well: what is pending of it is still signed. The function may be called more than once.</summary>
    ValueTask<KeyChange> ResealKeyAsync(
        long id, Func<IReadOnlyList<StoredWebhookSecret>, IReadOnlyList<StoredWebhookSecret>> reseal, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Keys behind an id, in order, revoked ones too.</summary>
    /// <param name="customerId">Of this customer, or null for all.</param>
    /// <param name="afterId">0 for the first.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(long? customerId, long afterId, int limit, CancellationToken cancellationToken);
}

/// <summary>What of a key's text may be kept.</summary>
/// <param name="Hash">SHA-256 of the UTF-8 text.</param>
/// <param name="Prefix">Its first characters, by which people recognise it; empty for a text that nobody made at random.</param>
public sealed record KeyText(ReadOnlyMemory<byte> Hash, string Prefix);

/// <summary>What can be changed of a key.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Settings">What it may do.</param>
/// <param name="Budget">The most it may spend in its lifetime, or null for no limit.</param>
public sealed record KeyTerms(string Name, KeySettings Settings, Usd? Budget)
{
    /// <summary>What signs its callbacks, sealed, newest first.</summary>
    public IReadOnlyList<StoredWebhookSecret> WebhookSecrets { get; init; } = [];
}

/// <summary>What became of a change.</summary>
public enum KeyChangeResult
{
    /// <summary>Committed.</summary>
    Done,

    /// <summary>There is no such key. Nothing was changed.</summary>
    UnknownKey,

    /// <summary>There is no such customer. Nothing was changed.</summary>
    UnknownCustomer,

    /// <summary>Another key has this name. Nothing was changed.</summary>
    NameTaken,

    /// <summary>Another key has this text. Nothing was changed.</summary>
    TextTaken,

    /// <summary>The key is revoked. Nothing was changed.</summary>
    Revoked,

    /// <summary>The key comes from configuration and is changed there. Nothing was changed.</summary>
    Configured,
}

/// <summary>What became of a change.</summary>
/// <param name="Result">The outcome.</param>
/// <param name="Key">The key after it, or null when there is none.</param>
public sealed record KeyChange(KeyChangeResult Result, StoredKey? Key);
