using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;

namespace UCaptcha.Core.Storage;

/// <summary>Keeps API keys by their hash, and what each has spent.</summary>
public interface IKeyStore
{
    /// <summary>All keys that are not revoked.</summary>
    ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>Rises with every change of a key, by whatever process.</summary>
    ValueTask<long> KeysVersionAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key, or gives the key of that name a new hash, source, settings and budget, keeping its id and what it spent.</summary>
    /// <exception cref="InvalidOperationException">The name is another customer's, or the hash another key's.</exception>
    ValueTask<StoredKey> SaveKeyAsync(NewKey key, CancellationToken cancellationToken);

    /// <summary>Revokes a key: it is listed no more. Its tasks and its spending stay.</summary>
    ValueTask RevokeKeyAsync(long id, CancellationToken cancellationToken);

    /// <summary>What a key has spent and what is set aside for its unfinished tasks.</summary>
    ValueTask<KeyUsage> GetUsageAsync(long id, CancellationToken cancellationToken);
}

/// <summary>A key to store.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Hash">SHA-256 of the key's UTF-8 text.</param>
/// <param name="Configured">It comes from configuration, else it was generated.</param>
/// <param name="Budget">The most it may spend in its lifetime, or null for no limit.</param>
/// <param name="At">Now.</param>
public sealed record NewKey(string Name, ReadOnlyMemory<byte> Hash, bool Configured, Usd? Budget, DateTimeOffset At)
{
    /// <summary>Whose it is.</summary>
    public long CustomerId { get; init; } = StoredCustomer.DefaultId;

    /// <summary>The first characters of a made text, else empty.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What it may do.</summary>
    public KeySettings Settings { get; init; } = new();
}

/// <summary>A stored key.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Name">Unique.</param>
/// <param name="Hash">SHA-256 of the key's UTF-8 text.</param>
/// <param name="Configured">It comes from configuration, else it was generated.</param>
/// <param name="Budget">The most it may spend in its lifetime, or null for no limit.</param>
public sealed record StoredKey(long Id, string Name, ReadOnlyMemory<byte> Hash, bool Configured, Usd? Budget)
{
    /// <summary>Whose it is.</summary>
    public long CustomerId { get; init; } = StoredCustomer.DefaultId;

    /// <summary>The first characters of a made text, else empty.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What it may do.</summary>
    public KeySettings Settings { get; init; } = new();

    /// <summary>The hash before the last rotation, or empty.</summary>
    public ReadOnlyMemory<byte> PreviousHash { get; init; }

    /// <summary>Until when the text before the last rotation is good, or null.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What signs its callbacks, sealed, newest first; always none for a key from configuration.</summary>
    public IReadOnlyList<StoredWebhookSecret> WebhookSecrets { get; init; } = [];

    /// <summary>The key without its text and without its webhook secrets.</summary>
    public ApiKey ToApiKey() => new(Id, Name, Settings, Budget) { CustomerId = CustomerId };
}

/// <summary>What a key has used.</summary>
/// <param name="Spent">Charged so far.</param>
/// <param name="Reserved">Set aside for unfinished tasks.</param>
public readonly record struct KeyUsage(Usd Spent, Usd Reserved);
