using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Transcoding.Codec.WellKnown;

// google.protobuf.Timestamp as RFC 3339: any offset and up to nine decimals when read, UTC with 0, 3, 6 or 9 decimals when written.
internal static class TimestampJson
{
    public const string Expected = "a time such as 2026-01-02T03:04:05Z";

    // 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the limits of timestamp.proto.
    private const long MinSeconds = -62135596800;
    private const long MaxSeconds = 253402300799;

    public static Timestamp? Parse(ReadOnlySpan<byte> text)
    {
        // yyyy-MM-ddTHH:mm:ss and at least a Z.
        if (text.Length < 20 || !TryParts(text[..19], out var time))
            return null;

        var rest = text[19..];
        if (!Decimals.TryTake(ref rest, out var nanos) || !TryOffset(rest, out var offset))
            return null;

        var seconds = (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond - offset;
        return seconds is >= MinSeconds and <= MaxSeconds ? new Timestamp { Seconds = seconds, Nanos = nanos } : null;
    }

    public static string? Format(Timestamp value)
    {
        if (value.Seconds is < MinSeconds or > MaxSeconds || value.Nanos is < 0 or >= Decimals.PerSecond)
            return null;

        var text = new StringBuilder(DateTime.UnixEpoch.AddSeconds(value.Seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        Decimals.Append(text, value.Nanos);
        return text.Append('Z').ToString();
    }

    private static bool TryParts(ReadOnlySpan<byte> text, out DateTime time)
    {
        Span<char> letters = stackalloc char[text.Length];
        Encoding.Latin1.GetChars(text, letters);
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTime.TryParseExact(letters, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, Utc, out time);
    }

    // Z, or +hh:mm.
    private static bool TryOffset(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text is [(byte)'Z' or (byte)'z'])
            return true;
        if (text is not [var sign and ((byte)'+' or (byte)'-'), _, _, (byte)':', _, _])
            return false;
        if (!TryTwoDigits(text[1..3], 23, out var hours) || !TryTwoDigits(text[4..6], 59, out var minutes))
            return false;

        seconds = (hours * 60 + minutes) * 60 * (sign == (byte)'-' ? -1 : 1);
        return true;
    }

    private static bool TryTwoDigits(ReadOnlySpan<byte> text, int highest, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= highest;
}
