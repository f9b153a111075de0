using System.Globalization;
using System.Text;
using System.Text.Json;

namespace UCaptcha.Transcoding.Codec.Values;

// A string; a field of ids also takes an integer and keeps its decimal text.
internal sealed class StringCodec(bool acceptsNumbers) : ValueCodec<string>
{
    public override string Read(ref Utf8JsonReader reader, ReadContext context) => reader.TokenType switch
    {
        JsonTokenType.String => context.GetString(ref reader),
        JsonTokenType.Number when acceptsNumbers => FromNumber(reader.ValueSpan, context),
        _ => throw context.WrongType(acceptsNumbers ? "a string or a whole number" : "a string"),
    };

    public override string ReadText(ReadOnlySpan<byte> text, ReadContext context) => Encoding.UTF8.GetString(text);

    public override string KeyText(string value) => value;

    public override void Write(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    private static string FromNumber(ReadOnlySpan<byte> number, ReadContext context)
    {
        if (number.IndexOfAny(".eE"u8) < 0)
            return Encoding.ASCII.GetString(number);

        // Clients without integers of their own send 7.0 for 7.
        return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && exact == decimal.Truncate(exact)
            ? decimal.Truncate(exact).ToString("F0", CultureInfo.InvariantCulture)
            : throw context.InvalidFormat("a string or a whole number");
    }
}
