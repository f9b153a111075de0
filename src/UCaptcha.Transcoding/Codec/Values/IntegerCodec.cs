using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace UCaptcha.Transcoding.Codec.Values;

// All integer types: a JSON number or the same as a string, 1.0 and 1e3 included; always written as a number.
internal sealed class IntegerCodec<T> : ValueCodec<T> where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public override T Read(ref Utf8JsonReader reader, ReadContext context) => reader.TokenType switch
    {
        JsonTokenType.Number => Parse(reader.ValueSpan, context),
        JsonTokenType.String => ReadText(context.GetText(ref reader), context),
        _ => throw context.WrongType("a whole number"),
    };

    public override T ReadText(ReadOnlySpan<byte> text, ReadContext context) =>
        NumberText.LooksNumeric(text) ? Parse(text, context) : throw context.InvalidFormat("a whole number");

    public override string KeyText(T value) => value.ToString(null, CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, T value)
    {
        if (typeof(T) == typeof(ulong))
            writer.WriteNumberValue(ulong.CreateTruncating(value));
        else
            writer.WriteNumberValue(long.CreateTruncating(value));
    }

    private static T Parse(ReadOnlySpan<byte> number, ReadContext context)
    {
        if (T.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return value;

        if (decimal.TryParse(number, Decimal, CultureInfo.InvariantCulture, out var exact))
        {
            if (exact != decimal.Truncate(exact))
                throw context.InvalidFormat("a whole number");
            if (exact >= decimal.CreateChecked(T.MinValue) && exact <= decimal.CreateChecked(T.MaxValue))
                return T.CreateChecked(exact);
        }
        else if (!double.TryParse(number, Decimal, CultureInfo.InvariantCulture, out _))
        {
            throw context.InvalidFormat("a whole number");
        }

        throw context.OutOfRange($"a whole number from {T.MinValue} to {T.MaxValue}");
    }
}
