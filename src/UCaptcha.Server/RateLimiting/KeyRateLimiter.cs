using UCaptcha.Core;
using UCaptcha.Core.Keys;

namespace UCaptcha.Server.RateLimiting;

/// <summary>Counts requests per key that has a limit, in the windows of <see cref="AddressRateLimiter"/>. Safe for any thread.</summary>
internal sealed class KeyRateLimiter(TimeProvider time)
{
    private RateWindow _window = new(0, int.MaxValue);

    /// <summary>Counts a request with a key.</summary>
    /// <exception cref="RefusedException">It is one too many.</exception>
    public void Take(ApiKey key)
    {
        if (key.Settings.RatePer10s is not { } limit)
            return;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var window = WindowAt(now);
        if (window.Count((UInt128)key.Id) <= limit)
            return;
        throw new RefusedException(
            ErrorCodes.RateLimit, $"This key may make {limit} requests in 10 seconds.", retryAfter: TimeSpan.FromSeconds(Math.Max(1, window.ResetUnixSeconds - now)));
    }

    /// <summary>The present window.</summary>
    public RateWindow Window => WindowAt(time.GetUtcNow().ToUnixTimeSeconds());

    // A clock that was set back starts a new window too.
    private RateWindow WindowAt(long now)
    {
        var present = Volatile.Read(ref _window);
        var reset = now - (now % AddressRateLimiter.WindowSeconds) + AddressRateLimiter.WindowSeconds;
        if (present.ResetUnixSeconds == reset)
            return present;
        var fresh = new RateWindow(reset, int.MaxValue);
        var winner = Interlocked.CompareExchange(ref _window, fresh, present);
        return winner == present ? fresh : winner;
    }
}
