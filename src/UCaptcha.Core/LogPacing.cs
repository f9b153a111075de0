namespace UCaptcha.Core;

/// <summary>Keeps what happens over and over from filling the log: lets one message through, then none for a while. Safe for any thread.</summary>
/// <param name="pause">How long nothing more passes.</param>
/// <param name="clock">The time.</param>
public sealed class LogPacing(TimeSpan pause, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long? _last;

    /// <summary>Whether a message may be written now.</summary>
    public bool Passes()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_last is { } last && clock.GetElapsedTime(last, now) < pause)
                return false;
            _last = now;
            return true;
        }
    }
}
