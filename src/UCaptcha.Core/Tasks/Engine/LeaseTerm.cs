namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Tells lives apart that a node lived under one lease and under the next. Safe for any thread.</summary>
internal sealed class LeaseTerm
{
    private int _ended;

    /// <summary>How many leases were lost before the one that there is now.</summary>
    public int Now => Volatile.Read(ref _ended);

    /// <summary>The lease is lost.</summary>
    public void End() => Interlocked.Increment(ref _ended);
}
