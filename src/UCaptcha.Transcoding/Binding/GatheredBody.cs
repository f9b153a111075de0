using System.Buffers;
using System.Numerics;

namespace UCaptcha.Transcoding.Binding;

// A body that comes in pieces, in one piece. Takes memory as it grows, whatever length was announced, and room for it.
internal sealed class GatheredBody(BodyRoom? room) : IDisposable
{
    private const int FirstRent = 4096;

    private byte[] _bytes = [];
    private int _size;
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    // Throws RpcException when there is no room.
    public void Add(ReadOnlySequence<byte> piece)
    {
        var length = _length + (int)piece.Length;
        if (length > _size)
            Grow(Math.Max(length, FirstRent));
        piece.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }

    public void Dispose() => Replace([], 0);

    private void Grow(int needed)
    {
        // The pool lends powers of two.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)needed);
        room?.Take(size);
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Bytes.CopyTo(larger);
        Replace(larger, size);
    }

    private void Replace(byte[] bytes, int size)
    {
        if (_size > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            room?.Return(_size);
        }

        (_bytes, _size) = (bytes, size);
    }
}
