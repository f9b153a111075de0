using UCaptcha.Core.Billing;

namespace UCaptcha.Core.Storage;

/// <summary>Keeps API keys by their hash, and what each has spent.</summary>
public interface IKeyStore
{
    /// <summary>All keys that are not revoked.</summary>
    ValueTask<IReadOnlyList<StoredKey>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key, or gives the key of that name a new hash, source and budget, keeping its id and what it spent.</summary>
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
public sealed record NewKey(string Name, ReadOnlyMemory<byte> Hash, bool Configured, Usd? Budget, DateTimeOffset At);

/// <summary>A stored key.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Name">Unique.</param>
/// <param name="Hash">SHA-256 of the key's UTF-8 text.</param>
/// <param name="Configured">It comes from configuration, else it was generated.</param>
/// <param name="Budget">The most it may spend in its lifetime, or null for no limit.</param>
public sealed record StoredKey(long Id, string Name, ReadOnlyMemory<byte> Hash, bool Configured, Usd? Budget);

/// <summary>What a key has used.</summary>
/// <param name="Spent">Charged so far.</param>
/// <param name="Reserved">Set aside for unfinished tasks.</param>
public readonly record struct KeyUsage(Usd Spent, Usd Reserved);
