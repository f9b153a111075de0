using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace UCaptcha.Server.RateLimiting;

/// <summary>Writes X-RateLimit-Limit, -Remaining and -Reset, from texts made once where that is possible.</summary>
internal sealed class RateHeaders(AddressRateLimiter limiter)
{
    /// <summary>Requests in a window.</summary>
    public const string Limit = "X-RateLimit-Limit";

    /// <summary>Requests left in the window.</summary>
    public const string Remaining = "X-RateLimit-Remaining";

    /// <summary>The window's end in unix seconds.</summary>
    public const string Reset = "X-RateLimit-Reset";

    private const int MaxTexts = 16_384;

    private readonly string _limit = limiter.Limit.ToString(CultureInfo.InvariantCulture);
    private readonly string?[] _remaining = new string?[Math.Min(limiter.Limit, MaxTexts)];

    /// <summary>Writes the headers when the answer starts, so that an error handler that clears it cannot lose them.</summary>
    public void WriteOnStarting(HttpContext context, in RateDecision decision) =>
        context.Response.OnStarting(static state => ((Pending)state).WriteAsync(), new Pending(this, context.Response, decision));

    private string TextOf(int remaining)
    {
        if (remaining >= _remaining.Length)
            return remaining.ToString(CultureInfo.InvariantCulture);
        return _remaining[remaining] ??= remaining.ToString(CultureInfo.InvariantCulture);
    }

    private string TextOf(long reset)
    {
        var window = limiter.Window;
        return window.ResetUnixSeconds == reset ? window.ResetText : reset.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class Pending(RateHeaders headers, HttpResponse response, RateDecision decision)
    {
        public Task WriteAsync()
        {
            response.Headers[Limit] = new StringValues(headers._limit);
            response.Headers[Remaining] = new StringValues(headers.TextOf(decision.Remaining));
            response.Headers[Reset] = new StringValues(headers.TextOf(decision.ResetUnixSeconds));
            return Task.CompletedTask;
        }
    }
}
