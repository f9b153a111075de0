using System.Security.Cryptography;
using System.Text;

namespace UCaptcha.Core.Keys;

/// <summary>The keys in force, by the hash of their text.</summary>
public sealed class KeyRing
{
    private const int LongestText = 512;

    private Dictionary<KeyHash, ApiKey> _keys = [];

    /// <summary>The key with this text, or null.</summary>
    public ApiKey? Find(string text)
    {
        if (text.Length > LongestText)
            return null;
        Span<byte> utf8 = stackalloc byte[LongestText * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(text, utf8)], hash);
        return Volatile.Read(ref _keys).GetValueOrDefault(KeyHash.Read(hash));
    }

    /// <summary>Puts other keys in force, all at once.</summary>
    public void Replace(IEnumerable<(ReadOnlyMemory<byte> Hash, ApiKey Key)> keys) =>
        Volatile.Write(ref _keys, keys.ToDictionary(entry => KeyHash.Read(entry.Hash.Span), entry => entry.Key));

    /// <summary>A SHA-256 that can be compared without allocating. Comparing hashes of secrets leaks nothing of the secrets.</summary>
    private readonly record struct KeyHash(UInt128 High, UInt128 Low)
    {
        public static KeyHash Read(ReadOnlySpan<byte> hash) => new(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
