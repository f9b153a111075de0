namespace UCaptcha.Core.Tasks.Engine;

/// <summary>
/// Whether the store has fallen silent: tasks wait to be accepted, and for too long it has answered none of them. How long an acceptance takes is only
/// known when it ends; of a store that hangs this tells before.
/// </summary>
/// <remarks>
/// After an answer that came late and was a failure it is still in doubt: then one task at a time goes to see, and the others are refused meanwhile.
/// </remarks>
/// <param name="longest">How long an acceptance may take; zero for any time.</param>
/// <param name="clock">The time.</param>
internal sealed class StoreSilence(TimeSpan longest, TimeProvider clock)
{
    /// <summary>So many that wait are a queue. Fewer cost little, and a machine that paused for a moment is not to be taken for a store that hangs.</summary>
    public const int Queue = 16;

    private const int PatienceWithQueue = 4;
    private const int PatienceWithFew = 8;

    private int _waiting;
    private long _since = clock.GetTimestamp();
    private volatile bool _inDoubt;

    /// <summary>Whether a task that came now would wait behind others who are not answered.</summary>
    public bool IsTooLong
    {
        get
        {
            if (Volatile.Read(ref _waiting) is var waiting && (waiting <= 0 || longest == TimeSpan.Zero))
                return false;
            return clock.GetElapsedTime(Volatile.Read(ref _since)) > longest * (waiting < Queue ? PatienceWithFew : PatienceWithQueue);
        }
    }

    /// <summary>The store is asked to accept a task.</summary>
    /// <returns>The timestamp.</returns>
    public long Ask()
    {
        var now = clock.GetTimestamp();
        if (Volatile.Read(ref _waiting) == 0 && !_inDoubt)
            Volatile.Write(ref _since, now);
        Interlocked.Increment(ref _waiting);
        return now;
    }

    /// <summary>It answered, whatever it said.</summary>
    public void Answered()
    {
        _inDoubt = false;
        Volatile.Write(ref _since, clock.GetTimestamp());
        Interlocked.Decrement(ref _waiting);
    }

    /// <summary>It failed. One that fails at once is not silent.</summary>
    /// <param name="asked">What <see cref="Ask"/> returned.</param>
    public void Failed(long asked)
    {
        if (clock.GetElapsedTime(asked) > longest)
            _inDoubt = true;
        else
            Volatile.Write(ref _since, clock.GetTimestamp());
        Interlocked.Decrement(ref _waiting);
    }

    /// <summary>Nobody wants an answer any more.</summary>
    public void Withdrawn() => Interlocked.Decrement(ref _waiting);
}
