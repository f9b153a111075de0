namespace UCaptcha.Core.Notifications;

/// <summary>When a callback that was not taken is tried again: densely while its token lives, then seldom, to tell how the task ended.</summary>
public static class CallbackSchedule
{
    /// <summary>For how long after the end of its task a callback carries the solution. Tokens of most services live about two minutes.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(120);

    /// <summary>The longest wait that a receiver may ask for.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(7);

    /// <summary>How much a wait may be lengthened, as a share of it, so that what failed together does not come back together.</summary>
    public const double MaxJitter = 0.1;

    /// <summary>The waits behind each failed try: 117 s in all while the token lives, then under 24 h in all.</summary>
    public static IReadOnlyList<TimeSpan> Waits { get; } =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(40),
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(7), TimeSpan.FromHours(7),
    ];

    /// <summary>How long to wait behind a failed try, or null when it was the last.</summary>
    /// <param name="step">How many waits there were before, from 0.</param>
    /// <param name="retryAfter">What the receiver asked for, or null. It can only lengthen the wait.</param>
    /// <param name="draw">Drawn at random, from 0 up to 1.</param>
    public static TimeSpan? WaitAfter(int step, TimeSpan? retryAfter, double draw)
    {
        if (step >= Waits.Count)
            return null;
        var wait = Waits[step] * (1 + (MaxJitter * draw));
        return retryAfter is { } asked && asked > wait ? (asked < LongestRetryAfter ? asked : LongestRetryAfter) : wait;
    }
}
