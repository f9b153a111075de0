using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace UCaptcha.Transcoding.Codec.Values;

// Numbers as people write them: without an exponent, however large or small.
internal static class NumberText
{
    // From here on every double is a whole number, whose shortest digits may name another one.
    public const double ExactLimit = 9007199254740992;

    // 309 digits before the point, or a sign, "0." and 323 zeros with 17 digits behind them.
    private const int LongestNumber = 400;

    public static void Write(Utf8JsonWriter writer, double value)
    {
        var size = Math.Abs(value);
        if (size is >= 1e-4 and < 1e15)
            writer.WriteNumberValue(value);
        else
            WriteFormatted(writer, value, size >= ExactLimit);
    }

    public static void Write(Utf8JsonWriter writer, float value)
    {
        if (Math.Abs(value) is >= 1e-4f and < 1e7f)
            writer.WriteNumberValue(value);
        else
            WriteFormatted(writer, value, Math.Abs(value) >= ExactLimit);
    }

    // Whether a text starts as a number of JSON does: no plus sign, no space, no name.
    public static bool LooksNumeric(ReadOnlySpan<byte> text)
    {
        var digits = text is [(byte)'-', .. var rest] ? rest : text;
        return !digits.IsEmpty && char.IsAsciiDigit((char)digits[0]) && char.IsAsciiDigit((char)digits[^1]);
    }

    // Whether a JSON number is an integer that its double does not hold.
    public static bool IsInexactInteger(ReadOnlySpan<byte> number, double value)
    {
        if (number.Length <= 15 || number.IndexOfAny(".eE"u8) >= 0 || Math.Abs(value) < ExactLimit)
            return false;

        return BigInteger.Parse(Encoding.ASCII.GetString(number), CultureInfo.InvariantCulture) != new BigInteger(value);
    }

    private static void WriteFormatted<T>(Utf8JsonWriter writer, T value, bool exact) where T : struct, IUtf8SpanFormattable
    {
        Span<byte> formatted = stackalloc byte[LongestNumber];
        value.TryFormat(formatted, out var length, exact ? "F0" : "R", CultureInfo.InvariantCulture);
        formatted = formatted[..length];
        var mark = formatted.IndexOf((byte)'E');
        if (mark < 0)
        {
            writer.WriteRawValue(formatted, skipInputValidation: true);
            return;
        }

        Span<byte> expanded = stackalloc byte[LongestNumber];
        Utf8Parser.TryParse(formatted[(mark + 1)..], out int exponent, out _);
        writer.WriteRawValue(expanded[..Expand(formatted[..mark], exponent, expanded)], skipInputValidation: true);
    }

    // Moves the point of d.ddd by the exponent.
    private static int Expand(ReadOnlySpan<byte> mantissa, int exponent, Span<byte> output)
    {
        var length = 0;
        if (mantissa[0] == (byte)'-')
        {
            output[length++] = (byte)'-';
            mantissa = mantissa[1..];
        }

        Span<byte> digits = stackalloc byte[mantissa.Length];
        digits[0] = mantissa[0];
        if (mantissa.Length > 2)
            mantissa[2..].CopyTo(digits[1..]);
        digits = digits[..Math.Max(1, mantissa.Length - 1)];

        var whole = exponent + 1;
        if (whole <= 0)
        {
            "0."u8.CopyTo(output[length..]);
            output.Slice(length + 2, -whole).Fill((byte)'0');
            length += 2 - whole;
            digits.CopyTo(output[length..]);
            return length + digits.Length;
        }

        if (whole >= digits.Length)
        {
            digits.CopyTo(output[length..]);
            output.Slice(length + digits.Length, whole - digits.Length).Fill((byte)'0');
            return length + whole;
        }

        digits[..whole].CopyTo(output[length..]);
        output[length + whole] = (byte)'.';
        digits[whole..].CopyTo(output[(length + whole + 1)..]);
        return length + digits.Length + 1;
    }
}
