namespace UCaptcha.Proof.Tests;

/// <summary>What happens to one call of the store.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It fails, and the store did nothing.</summary>
    Before,

    /// <summary>The store did it, and the answer was lost.</summary>
    After,
}

/// <summary>Which calls fail: the Nth, or every one from the Nth on.</summary>
internal sealed class FaultPlan(Fault fault, int at, bool forEver)
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];

    /// <summary>Every call so far, by name.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>The call that was hit, or null.</summary>
    public string? Hit { get; private set; }

    /// <summary>Plans nothing and counts.</summary>
    public static FaultPlan Nothing() => new(Fault.None, int.MaxValue, forEver: false);

    public Fault Next(string call)
    {
        lock (_lock)
        {
            _calls.Add(call);
            if (_calls.Count == at)
                Hit = call;
            // What fails for ever is gone after the first: only the first may still have been done.
            return _calls.Count == at ? fault : _calls.Count > at && forEver ? Fault.Before : Fault.None;
        }
    }
}
