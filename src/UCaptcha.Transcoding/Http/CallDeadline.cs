using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace UCaptcha.Transcoding.Http;

// When a call must end: when the client goes away, or at the time that its grpc-timeout header sets (PROTOCOL-HTTP2.md of gRPC: up to eight digits
// and a unit).
internal sealed class CallDeadline : IDisposable
{
    private const string Header = "grpc-timeout";

    // The longest that a timer can be set for.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource? _either;

    public CallDeadline(HttpContext context, TimeProvider time)
    {
        Token = context.RequestAborted;
        if (!TryParse(context.Request.Headers[Header].ToString(), out var timeout))
            return;

        var now = time.GetUtcNow().UtcDateTime;
        Time = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        _timer = new CancellationTokenSource(timeout < LongestTimer ? timeout : LongestTimer, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _timer.Token);
        Token = _either.Token;
    }

    public DateTime Time { get; } = DateTime.MaxValue;

    public CancellationToken Token { get; }

    public bool IsPast => _timer is { IsCancellationRequested: true };

    public void Dispose()
    {
        _either?.Dispose();
        _timer?.Dispose();
    }

    private static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            return false;

        long ticks = text[^1] switch
        {
            'n' => 0,
            'u' => TimeSpan.TicksPerMicrosecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'S' => TimeSpan.TicksPerSecond,
            'M' => TimeSpan.TicksPerMinute,
            'H' => TimeSpan.TicksPerHour,
            _ => -1,
        };
        timeout = ticks == 0 ? TimeSpan.FromTicks(amount / TimeSpan.NanosecondsPerTick) : TimeSpan.FromTicks(amount * ticks);
        return ticks >= 0;
    }
}
