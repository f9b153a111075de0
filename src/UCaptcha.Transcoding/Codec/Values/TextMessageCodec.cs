using System.Text.Json;
using Google.Protobuf;

namespace UCaptcha.Transcoding.Codec.Values;

// A well-known message whose JSON is a string: times, durations, field masks.
internal sealed class TextMessageCodec<T>(TextParser<T> parse, Func<T, string?> format, string expected) : ValueCodec<T>, IMessageCodec
    where T : class, IMessage
{
    public override T Read(ref Utf8JsonReader reader, ReadContext context) =>
        reader.TokenType == JsonTokenType.String ? ReadText(context.GetText(ref reader), context) : throw context.WrongType(expected);

    public override T ReadText(ReadOnlySpan<byte> text, ReadContext context) => parse(text) ?? throw context.InvalidFormat(expected);

    public override void Write(Utf8JsonWriter writer, T value) =>
        writer.WriteStringValue(format(value) ?? throw JsonContractException.HasNoJson(value));

    IMessage IMessageCodec.ReadMessage(ref Utf8JsonReader reader, ReadContext context) => Read(ref reader, context);

    void IMessageCodec.WriteMessage(Utf8JsonWriter writer, IMessage message) => Write(writer, (T)message);
}
