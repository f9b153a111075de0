using System.Security.Cryptography;
using System.Text;

namespace UCaptcha.Server.Secrets;

/// <summary>
/// Seals secrets for the database with AES-256-GCM under the operator's master key. A sealed secret opens only in the place that it
/// was sealed for, so rows cannot be swapped.
/// </summary>
/// <param name="current">The master key that seals, 32 bytes, or null: then nothing can be sealed.</param>
/// <param name="previous">Master keys of before, which only open.</param>
/// <param name="random">Draws nonces.</param>
internal sealed class SecretSealer(byte[]? current, IReadOnlyList<byte[]> previous, RandomNumberGenerator random)
{
    /// <summary>The length of a master key in bytes.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int IdBytes = 4;

    private readonly Dictionary<string, byte[]> _keys =
        (current is null ? previous : previous.Prepend(current)).DistinctBy(IdOf).ToDictionary(IdOf, key => key, StringComparer.Ordinal);

    /// <summary>The id of the key that seals, or null when there is none.</summary>
    public string? CurrentKey { get; } = current is null ? null : IdOf(current);

    /// <summary>Seals a secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="place">Where it will be kept, such as <c>account/main</c>.</param>
    /// <exception cref="InvalidOperationException">There is no master key.</exception>
    public SealedSecret Seal(string secret, string place)
    {
        if (CurrentKey is not { } id)
            throw new InvalidOperationException("There is no master key to seal with.");
        var text = Encoding.UTF8.GetBytes(secret);
        var bytes = new byte[NonceBytes + TagBytes + text.Length];
        random.GetBytes(bytes.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_keys[id], TagBytes);
        cipher.Encrypt(
            bytes.AsSpan(0, NonceBytes), text, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(place));
        return new SealedSecret(id, bytes);
    }

    /// <summary>Opens a secret, or null when its key is not at hand or it was not sealed for this place.</summary>
    public string? Open(SealedSecret secret, string place)
    {
        if (!_keys.TryGetValue(secret.Key, out var key) || secret.Bytes.Length < NonceBytes + TagBytes)
            return null;
        var bytes = secret.Bytes.Span;
        var text = new byte[bytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(bytes[..NonceBytes], bytes[(NonceBytes + TagBytes)..], bytes.Slice(NonceBytes, TagBytes), text, Encoding.UTF8.GetBytes(place));
            return Encoding.UTF8.GetString(text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, IdBytes));
}

/// <summary>A sealed secret.</summary>
/// <param name="Key">The id of the master key: the first bytes of its SHA-256.</param>
/// <param name="Bytes">Nonce, tag and what is sealed.</param>
internal readonly record struct SealedSecret(string Key, ReadOnlyMemory<byte> Bytes);
