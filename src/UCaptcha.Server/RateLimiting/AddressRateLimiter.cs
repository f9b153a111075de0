using System.Net;

namespace UCaptcha.Server.RateLimiting;

/// <summary>Counts requests per caller address in fixed windows of 10 seconds that begin at whole multiples of 10 s. Safe for any thread.</summary>
/// <remarks>
/// Memory is bounded: each window starts with nothing, and past 65,536 addresses (<see cref="MaxAddresses"/>) all newcomers share one count, so a
/// flood from very many addresses limits other newcomers of that window, never those already counted.
/// </remarks>
internal sealed class AddressRateLimiter
{
    /// <summary>The length of a window: 10 seconds, as documented.</summary>
    public const int WindowSeconds = 10;

    /// <summary>How many addresses have a count of their own in one window.</summary>
    public const int MaxAddresses = 65_536;

    private readonly TimeProvider _time;
    private readonly int _maxAddresses;
    private RateWindow _window;

    /// <summary>Allows <paramref name="limit"/> requests per address and window; 0 = any number.</summary>
    public AddressRateLimiter(TimeProvider time, int limit, int maxAddresses = MaxAddresses)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxAddresses);
        _time = time;
        _maxAddresses = maxAddresses;
        Limit = limit;
        _window = NewWindow(ResetAfter(time.GetUtcNow().ToUnixTimeSeconds()));
    }

    /// <summary>Requests per address and window; 0 = any number.</summary>
    public int Limit { get; }

    /// <summary>The present window, for its cached text.</summary>
    internal RateWindow Window => Volatile.Read(ref _window);

    /// <summary>The window of this moment.</summary>
    public RateWindow WindowNow() => WindowAt(_time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Counts a request from <paramref name="address"/>.</summary>
    public RateDecision Take(IPAddress address)
    {
        if (Limit == 0)
            return new RateDecision(Allowed: true, Limit: 0, Remaining: 0, ResetUnixSeconds: 0, RetryAfterSeconds: 0);

        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var window = WindowAt(now);
        var number = window.Count(AddressKey.Of(address));
        return new RateDecision(
            number <= Limit, Limit, (int)Math.Max(0, Limit - number), window.ResetUnixSeconds, (int)Math.Max(1, window.ResetUnixSeconds - now));
    }

    private static long ResetAfter(long now) => now - (now % WindowSeconds) + WindowSeconds;

    private RateWindow NewWindow(long reset) => new(reset, _maxAddresses);

    // A clock that was set back starts a new window too.
    private RateWindow WindowAt(long now)
    {
        var present = Window;
        var reset = ResetAfter(now);
        if (present.ResetUnixSeconds == reset)
            return present;
        var fresh = NewWindow(reset);
        var winner = Interlocked.CompareExchange(ref _window, fresh, present);
        return winner == present ? fresh : winner;
    }
}
