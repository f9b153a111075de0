namespace UCaptcha.Core.Storage;

/// <summary>Keeps the hash of the admin key that is made at the first start.</summary>
public interface IAdminKeyStore
{
    /// <summary>SHA-256 of the key's text, or null when none was made.</summary>
    ValueTask<byte[]?> FindAdminKeyAsync(CancellationToken cancellationToken);

    /// <summary>Stores the first key. False when there is one already, perhaps another node's.</summary>
    ValueTask<bool> AddAdminKeyAsync(byte[] hash, DateTimeOffset at, CancellationToken cancellationToken);
}
