using System.Globalization;
using System.Text;

namespace UCaptcha.Transcoding.Codec.WellKnown;

// The decimals of a second in times and durations.
internal static class Decimals
{
    public const int PerSecond = 1_000_000_000;

    // Takes ".123" off the front, or nothing; false when a point has no one to nine digits behind it.
    public static bool TryTake(ref ReadOnlySpan<byte> text, out int nanos)
    {
        nanos = 0;
        if (text is not [(byte)'.', ..])
            return true;

        var digits = text[1..];
        var length = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (length < 0)
            length = digits.Length;
        if (length is 0 or > 9)
            return false;

        nanos = int.Parse(digits[..length], NumberStyles.None, CultureInfo.InvariantCulture);
        for (var place = length; place < 9; place++)
            nanos *= 10;

        text = digits[length..];
        return true;
    }

    // Nothing, or 3, 6 or 9 digits behind a point.
    public static void Append(StringBuilder text, int nanos)
    {
        if (nanos == 0)
            return;

        var digits = nanos.ToString("D9", CultureInfo.InvariantCulture).AsSpan();
        while (digits.EndsWith("000"))
            digits = digits[..^3];
        text.Append('.').Append(digits);
    }
}
