using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace UCaptcha.Transcoding.Codec.Values;

// float and double: a JSON number or the same as a string; NaN and the infinities only as strings.
internal sealed class RealCodec<T> : ValueCodec<T> where T : struct, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public override T Read(ref Utf8JsonReader reader, ReadContext context) => reader.TokenType switch
    {
        JsonTokenType.Number => Parse(reader.ValueSpan, context),
        JsonTokenType.String => ReadText(context.GetText(ref reader), context),
        _ => throw context.WrongType("a number"),
    };

    public override T ReadText(ReadOnlySpan<byte> text, ReadContext context)
    {
        if (NumberText.LooksNumeric(text))
            return Parse(text, context);
        if (text.SequenceEqual("NaN"u8))
            return T.NaN;
        if (text.SequenceEqual("Infinity"u8))
            return T.PositiveInfinity;
        if (text.SequenceEqual("-Infinity"u8))
            return T.NegativeInfinity;

        throw context.InvalidFormat("a number");
    }

    public override void Write(Utf8JsonWriter writer, T value)
    {
        if (T.IsNaN(value))
            writer.WriteStringValue("NaN"u8);
        else if (T.IsInfinity(value))
            writer.WriteStringValue(T.IsPositive(value) ? "Infinity"u8 : "-Infinity"u8);
        else if (typeof(T) == typeof(float))
            NumberText.Write(writer, float.CreateTruncating(value));
        else
            NumberText.Write(writer, double.CreateTruncating(value));
    }

    private static T Parse(ReadOnlySpan<byte> number, ReadContext context)
    {
        if (!T.TryParse(number, Style, CultureInfo.InvariantCulture, out var value))
            throw context.InvalidFormat("a number");

        return T.IsFinite(value) ? value : throw context.OutOfRange($"a number that a {(typeof(T) == typeof(float) ? "float" : "double")} holds");
    }
}
