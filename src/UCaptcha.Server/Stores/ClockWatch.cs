using UCaptcha.Core;

namespace UCaptcha.Server.Stores;

/// <summary>
/// Knows whether this node's clock agrees with the database's. By the clock a node gives times to what it writes and finds what is over, of other nodes'
/// tasks too: one that differs must destroy nothing.
/// </summary>
internal sealed partial class ClockWatch(TimeProvider clock, ILogger<ClockWatch> logger)
{
    /// <summary>Beyond this the clocks differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly LogPacing _warnings = new(BetweenWarnings, clock);
    private volatile Look? _last;

    /// <summary>How far ahead it is, below zero behind; null where there is no other clock, or nobody has looked yet.</summary>
    public TimeSpan? Offset => _last?.Offset;

    /// <summary>Whether the clocks agree, as far as is known.</summary>
    public bool Agrees => _last is not { } last || last.Offset.Duration() <= Tolerance;

    /// <summary>Hears how far ahead it is now.</summary>
    public void Hear(TimeSpan offset)
    {
        var agreed = Agrees;
        _last = new Look(offset);
        if (Agrees && !agreed)
            LogAgrees();
        else if (!Agrees && _warnings.Passes())
            LogDiffers(Math.Abs(offset.TotalSeconds), offset > TimeSpan.Zero ? "ahead of" : "behind");
    }

    [LoggerMessage(EventId = 255, Level = LogLevel.Warning, Message = "This node's clock is {Seconds:0.0} s {Where} the database's: until they agree nothing is purged here, and its times are wrong. Keep all clocks set, by NTP for one. More of this is told every minute at most.")]
    private partial void LogDiffers(double seconds, string where);

    [LoggerMessage(EventId = 256, Level = LogLevel.Warning, Message = "This node's clock agrees with the database's again.")]
    private partial void LogAgrees();

    private sealed record Look(TimeSpan Offset);
}
