namespace UCaptcha.Proof.Tests.Engine;

/// <summary>Once it is set, the next call of a name fails, as no store says that it can.</summary>
internal sealed class Trap(string call) : IFaults
{
    private int _set;

    public void Set() => Volatile.Write(ref _set, 1);

    public Fault Next(string called) => called == call && Interlocked.Exchange(ref _set, 0) == 1 ? Fault.Unforeseen : Fault.None;
}
