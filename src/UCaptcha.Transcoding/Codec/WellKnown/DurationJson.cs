using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Transcoding.Codec.WellKnown;

// google.protobuf.Duration as seconds with an s behind them: "1.5s".
internal static class DurationJson
{
    public const string Expected = "a duration in seconds such as 1.5s";

    // 10,000 years, the limit of duration.proto.
    private const long MaxSeconds = 315_576_000_000;

    public static Duration? Parse(ReadOnlySpan<byte> text)
    {
        var negative = text is [(byte)'-', ..];
        var rest = negative ? text[1..] : text;
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (length <= 0 || !long.TryParse(rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > MaxSeconds)
            return null;

        rest = rest[length..];
        if (!Decimals.TryTake(ref rest, out var nanos) || rest is not [(byte)'s'])
            return null;

        return negative ? new Duration { Seconds = -seconds, Nanos = -nanos } : new Duration { Seconds = seconds, Nanos = nanos };
    }

    public static string? Format(Duration value)
    {
        var sameSign = value.Seconds == 0 || value.Nanos == 0 || value.Seconds < 0 == value.Nanos < 0;
        if (!sameSign || value.Seconds is < -MaxSeconds or > MaxSeconds || value.Nanos is <= -Decimals.PerSecond or >= Decimals.PerSecond)
            return null;

        var text = new StringBuilder(value.Seconds < 0 || value.Nanos < 0 ? "-" : "");
        text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(value.Seconds)}");
        Decimals.Append(text, Math.Abs(value.Nanos));
        return text.Append('s').ToString();
    }
}
