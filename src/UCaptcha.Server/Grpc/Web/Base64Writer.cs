using System.Buffers.Text;

namespace UCaptcha.Server.Grpc.Web;

/// <summary>Writes bytes as base64, padded at each flush so that what is sent can be read at once.</summary>
internal sealed class Base64Writer(Stream text) : Stream
{
    private const int Group = 3;

    private readonly byte[] _rest = new byte[Group];
    private int _restLength;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[_restLength + buffer.Length];
        _rest.AsSpan(0, _restLength).CopyTo(bytes);
        buffer.Span.CopyTo(bytes.AsSpan(_restLength));
        var whole = bytes.Length / Group * Group;
        _restLength = bytes.Length - whole;
        bytes.AsSpan(whole).CopyTo(_rest);
        if (whole > 0)
            await EncodeAsync(bytes.AsMemory(0, whole), cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_restLength > 0)
        {
            var length = _restLength;
            _restLength = 0;
            await EncodeAsync(_rest.AsMemory(0, length), cancellationToken);
        }

        await text.FlushAsync(cancellationToken);
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask EncodeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var encoded = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes.Span, encoded, out _, out var written);
        await text.WriteAsync(encoded.AsMemory(0, written), cancellationToken);
    }
}
