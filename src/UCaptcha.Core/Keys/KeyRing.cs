using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Keys;

/// <summary>The keys in force, by the hash of their text.</summary>
public sealed class KeyRing(TimeProvider clock)
{
    private const int LongestText = 512;
    private const long InDoubt = long.MinValue;

    /// <summary>For how long what the store said holds.</summary>
    public static readonly TimeSpan LongestUnconfirmed = TimeSpan.FromSeconds(5);

    private Dictionary<KeyHash, Entry> _keys = [];
    private long _confirmedAt = InDoubt;

    /// <summary>Whether a text that is not here is no key's. False when the store could not lately be asked whether another was made.</summary>
    public bool IsCurrent => Volatile.Read(ref _confirmedAt) is var at && at != InDoubt && clock.GetElapsedTime(at) <= LongestUnconfirmed;

    /// <summary>The key with this text, or null.</summary>
    public ApiKey? Find(string text)
    {
        if (text.Length > LongestText)
            return null;
        Span<byte> utf8 = stackalloc byte[LongestText * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(text, utf8)], hash);
        if (!Volatile.Read(ref _keys).TryGetValue(KeyHash.Read(hash), out var entry))
            return null;
        return entry.Until is { } until && clock.GetUtcNow() >= until ? null : entry.Key;
    }

    /// <summary>Puts other keys in force, all at once; the text before a rotation is good until its moment.</summary>
    public void Replace(IEnumerable<(StoredKey Stored, ApiKey Key)> keys)
    {
        var ring = new Dictionary<KeyHash, Entry>();
        foreach (var (stored, key) in keys)
        {
            ring[KeyHash.Read(stored.Hash.Span)] = new Entry(key, null);
            // A text that is some other key's by now stays that key's.
            if (stored.PreviousUntil is { } until)
                ring.TryAdd(KeyHash.Read(stored.PreviousHash.Span), new Entry(key, until));
        }

        Volatile.Write(ref _keys, ring);
    }

    /// <summary>The store said that these are the keys in force.</summary>
    public void Confirm() => Volatile.Write(ref _confirmedAt, clock.GetTimestamp());

    /// <summary>The store could not be asked.</summary>
    public void Doubt() => Volatile.Write(ref _confirmedAt, InDoubt);

    private readonly record struct Entry(ApiKey Key, DateTimeOffset? Until);

    /// <summary>A SHA-256 that can be compared without allocating. Comparing hashes of secrets leaks nothing of the secrets.</summary>
    private readonly record struct KeyHash(UInt128 High, UInt128 Low)
    {
        public static KeyHash Read(ReadOnlySpan<byte> hash) =>
            new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
