namespace UCaptcha.Core.Tasks.Engine;

/// <summary>
/// Lets in only as many new tasks at once as the server accepts without making them wait. What is beyond is better refused at once,
/// while that is cheap, than accepted late.
/// </summary>
/// <remarks>
/// The quickest acceptance of each tenth of a second is looked at: when even that one took longer than it may, there is a standing
/// queue, of the store or of the processors, and the limit shrinks by a fifth; when tasks were refused without need, it grows by an eighth.
/// </remarks>
/// <param name="longest">How long an acceptance may take; zero lets everyone in.</param>
/// <param name="clock">The time.</param>
internal sealed class Admission(TimeSpan longest, TimeProvider clock)
{
    public const int Least = 16;
    public const int Most = 16_384;

    private const int First = 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private int _limit = longest == TimeSpan.Zero ? int.MaxValue : First;
    private int _inside;
    private long _begun = clock.GetTimestamp();
    private TimeSpan _quickest = TimeSpan.MaxValue;
    private bool _wasFull;

    /// <summary>How many may be inside at once, now.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>Whether nobody more is let in; whoever asks is counted as refused then.</summary>
    public bool Refuses()
    {
        if (Volatile.Read(ref _inside) < Volatile.Read(ref _limit))
            return false;
        Volatile.Write(ref _wasFull, true);
        return true;
    }

    /// <summary>Goes in; false when the server has more than it can do.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= Volatile.Read(ref _limit))
            return true;
        Interlocked.Decrement(ref _inside);
        Volatile.Write(ref _wasFull, true);
        return false;
    }

    /// <summary>Goes out without having been accepted or put off: a request that is refused for what it is says nothing of how long that takes.</summary>
    public void Leave() => Interlocked.Decrement(ref _inside);

    /// <summary>Goes out.</summary>
    /// <param name="entered">The timestamp of the way in.</param>
    public void Leave(long entered)
    {
        Leave();
        if (longest == TimeSpan.Zero)
            return;
        var now = clock.GetTimestamp();
        var took = clock.GetElapsedTime(entered, now);
        lock (_lock)
        {
            if (took < _quickest)
                _quickest = took;
            if (clock.GetElapsedTime(_begun, now) < Interval)
                return;
            Adjust();
            (_begun, _quickest) = (now, TimeSpan.MaxValue);
            Volatile.Write(ref _wasFull, false);
        }
    }

    private void Adjust()
    {
        if (_quickest > longest)
            Volatile.Write(ref _limit, Math.Max(Least, _limit - (_limit / 5)));
        else if (Volatile.Read(ref _wasFull))
            Volatile.Write(ref _limit, Math.Min(Most, _limit + (_limit / 8)));
    }
}
