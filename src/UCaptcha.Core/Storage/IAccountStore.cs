namespace UCaptcha.Core.Storage;

/// <summary>
/// Keeps the provider accounts that are added at run time, and which accounts rest. Every change is in the audit log, in its own
/// transaction, and raises the version.
/// </summary>
public interface IAccountStore
{
    /// <summary>Rises with every change, by whatever process.</summary>
    ValueTask<long> AccountsVersionAsync(CancellationToken cancellationToken);

    /// <summary>All accounts, by slug.</summary>
    ValueTask<IReadOnlyList<StoredAccount>> ListAccountsAsync(CancellationToken cancellationToken);

    /// <summary>The slugs of the accounts that rest, those from configuration included.</summary>
    ValueTask<IReadOnlyList<string>> ListRestingAccountsAsync(CancellationToken cancellationToken);

    /// <summary>Adds an account. False when the slug is taken.</summary>
    ValueTask<bool> CreateAccountAsync(StoredAccount account, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Gives an account other settings and another sealed secret. False when it is gone or has another revision by now.</summary>
    /// <param name="account">As it is to be.</param>
    /// <param name="replaced">Whether what is sealed is another credential, which the audit log says, and not the same one sealed anew.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancellationToken">Ends the wait, not the change.</param>
    ValueTask<bool> UpdateAccountAsync(StoredAccount account, bool replaced, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Removes an account with its secret. False when there is none.</summary>
    ValueTask<bool> DeleteAccountAsync(string slug, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Lets an account rest, or have tasks again. False when it was so before.</summary>
    ValueTask<bool> RestAccountAsync(string slug, bool rest, ChangedBy by, CancellationToken cancellationToken);
}

/// <summary>An account as the store keeps it.</summary>
/// <param name="Slug">Unique.</param>
/// <param name="Settings">How it is spoken to, as JSON without secrets.</param>
/// <param name="Secret">Its credential, sealed.</param>
/// <param name="SecretKey">The id of the master key that sealed it.</param>
/// <param name="Revision">From 1, one more with each change.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
public sealed record StoredAccount(
    string Slug, string Settings, ReadOnlyMemory<byte> Secret, string SecretKey, long Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
