using System.Buffers;
using System.Buffers.Text;

namespace UCaptcha.Server.Grpc.Web;

/// <summary>
/// Reads base64 as the bytes it stands for. The text may have several parts that are padded each. It ends where it is no base64, so that the gRPC
/// server finds an incomplete message.
/// </summary>
internal sealed class Base64Reader(Stream text) : Stream
{
    private const int Quantum = 4;

    private readonly byte[] _text = new byte[4096];
    private readonly byte[] _bytes = new byte[3072];
    private int _textLength;
    private ReadOnlyMemory<byte> _ready;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready.IsEmpty)
        {
            var read = _textLength >= Quantum ? -1 : await text.ReadAsync(_text.AsMemory(_textLength), cancellationToken);
            if (read == 0)
                return 0;
            _textLength += Math.Max(read, 0);
            if (_textLength >= Quantum && !TryDecode())
                return 0;
        }

        var length = Math.Min(buffer.Length, _ready.Length);
        _ready[..length].CopyTo(buffer);
        _ready = _ready[length..];
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    // Up to and with the first padded quantum; the rest stays for later.
    private bool TryDecode()
    {
        var whole = _textLength / Quantum * Quantum;
        var padding = _text.AsSpan(0, whole).IndexOf((byte)'=');
        if (padding >= 0)
            whole = (padding / Quantum + 1) * Quantum;
        if (Base64.DecodeFromUtf8(_text.AsSpan(0, whole), _bytes, out var consumed, out var written) != OperationStatus.Done || consumed != whole)
            return false;
        _ready = _bytes.AsMemory(0, written);
        _text.AsSpan(whole, _textLength - whole).CopyTo(_text);
        _textLength -= whole;
        return true;
    }
}
