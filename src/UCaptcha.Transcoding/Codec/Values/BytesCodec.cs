using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Google.Protobuf;

namespace UCaptcha.Transcoding.Codec.Values;

// bytes: base64 in the standard or the URL alphabet, padded or not (RFC 4648, sections 4 and 5); written standard and padded.
internal sealed class BytesCodec : ValueCodec<ByteString>
{
    public override ByteString Read(ref Utf8JsonReader reader, ReadContext context) =>
        reader.TokenType == JsonTokenType.String ? ReadText(context.GetText(ref reader), context) : throw context.WrongType("a base64 string");

    public override ByteString ReadText(ReadOnlySpan<byte> text, ReadContext context)
    {
        var unpadded = text.EndsWith("=="u8) ? text[..^2] : text.EndsWith("="u8) ? text[..^1] : text;
        if (unpadded.Length % 4 == 1 || (unpadded.Length != text.Length && text.Length % 4 != 0))
            throw context.InvalidFormat("base64");

        var length = (unpadded.Length + 3) / 4 * 4;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            unpadded.CopyTo(buffer);
            var padded = buffer.AsSpan(0, length);
            padded[unpadded.Length..].Fill((byte)'=');
            padded.Replace((byte)'-', (byte)'+');
            padded.Replace((byte)'_', (byte)'/');
            if (padded.IndexOfAny(" \t\r\n"u8) >= 0 || Base64.DecodeFromUtf8InPlace(padded, out var written) != OperationStatus.Done)
                throw context.InvalidFormat("base64");

            return ByteString.CopyFrom(padded[..written]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void Write(Utf8JsonWriter writer, ByteString value) => writer.WriteBase64StringValue(value.Span);
}
