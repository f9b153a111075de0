using System.Text.Json;

namespace UCaptcha.Transcoding.Codec.Values;

// true, 1 and "true"; false, 0 and "false".
internal sealed class BoolCodec : ValueCodec<bool>
{
    public override bool Read(ref Utf8JsonReader reader, ReadContext context) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => FromDigit(reader.ValueSpan, context),
        JsonTokenType.String => FromWord(context.GetText(ref reader), context),
        _ => throw context.WrongType("true or false"),
    };

    public override bool ReadText(ReadOnlySpan<byte> text, ReadContext context) =>
        text.Length == 1 ? FromDigit(text, context) : FromWord(text, context);

    public override string KeyText(bool value) => value ? "true" : "false";

    public override void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    private static bool FromDigit(ReadOnlySpan<byte> text, ReadContext context) => text switch
    {
        [(byte)'1'] => true,
        [(byte)'0'] => false,
        _ => throw context.InvalidFormat("true or false"),
    };

    private static bool FromWord(ReadOnlySpan<byte> text, ReadContext context)
    {
        if (text.SequenceEqual("true"u8))
            return true;

        return text.SequenceEqual("false"u8) ? false : throw context.InvalidFormat("true or false");
    }
}
