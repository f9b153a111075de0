using System.Runtime.InteropServices;
using System.Text;

namespace UCaptcha.Transcoding.Codec.Messages;

// Finds what a UTF-8 name stands for, by a hash of its ends that ignores case. Its names come from descriptors, so no caller can make them collide.
internal sealed class NameTable<T>(bool ignoreCase) where T : class
{
    private const ulong CaseBits = 0x2020202020202020;

    private readonly List<(byte[] Name, T Value, int Next)> _entries = [];
    private int[] _buckets = [0, 0, 0, 0];

    // False when that very name is taken.
    public bool TryAdd(string name, T value)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (_entries.Exists(entry => entry.Name.AsSpan().SequenceEqual(bytes)))
            return false;

        _entries.Add((bytes, value, 0));
        Rebuild();
        return true;
    }

    public T? Find(ReadOnlySpan<byte> name)
    {
        T? found = null;
        var entries = CollectionsMarshal.AsSpan(_entries);
        for (var next = _buckets[Hash(name) & (uint)(_buckets.Length - 1)]; next > 0; next = entries[next - 1].Next)
        {
            ref var entry = ref entries[next - 1];
            if (name.SequenceEqual(entry.Name))
                return entry.Value;
            if (ignoreCase && found is null && Ascii.EqualsIgnoreCase(name, entry.Name))
                found = entry.Value;
        }

        return found;
    }

    // Tables are built once, so that the order of names within a bucket is kept by building anew.
    private void Rebuild()
    {
        var size = _buckets.Length;
        while (size < 2 * _entries.Count)
            size *= 2;

        _buckets = new int[size];
        for (var index = _entries.Count - 1; index >= 0; index--)
        {
            var (name, value, _) = _entries[index];
            ref var bucket = ref _buckets[Hash(name) & (uint)(size - 1)];
            _entries[index] = (name, value, bucket);
            bucket = index + 1;
        }
    }

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        ulong ends = 0;
        if (name.Length >= sizeof(ulong))
        {
            ends = (MemoryMarshal.Read<ulong>(name) | CaseBits) * 31 + (MemoryMarshal.Read<ulong>(name[^sizeof(ulong)..]) | CaseBits);
        }
        else
        {
            foreach (var letter in name)
                ends = ends * 257 + (byte)(letter | 0x20);
        }

        return (uint)((ends + (uint)name.Length) * 0x9E3779B97F4A7C15 >> 40);
    }
}
