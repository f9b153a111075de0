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

    /// <summary>An exception that no store announces.</summary>
    Unforeseen,
}

/// <summary>Decides over the calls of a store.</summary>
internal interface IFaults
{
    /// <summary>What happens to a call.</summary>
    /// <param name="call">Interface and method, such as <c>ITaskStore.FinishAsync</c>.</param>
    Fault Next(string call);

    /// <summary>Completes when a call may begin.</summary>
    Task HoldAsync(string call) => Task.CompletedTask;

    /// <summary>Completes when what a call did may be told.</summary>
    Task HoldAnswerAsync(string call) => Task.CompletedTask;
}

/// <summary>Which calls fail: the Nth, or every one from the Nth on.</summary>
/// <param name="fault">How.</param>
/// <param name="at">Which, from 1.</param>
/// <param name="forEver">The store is gone from then on.</param>
/// <param name="only">Counts the calls of this name alone; null counts all.</param>
internal sealed class FaultPlan(Fault fault, int at, bool forEver, string? only = null) : IFaults
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];
    private int _counted;

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
            // What fails for ever is gone after the first: only the first may still have been done.
            if (Hit is not null)
                return forEver ? Fault.Before : Fault.None;
            if ((only is not null && call != only) || ++_counted < at)
                return Fault.None;
            Hit = call;
            return fault;
        }
    }
}
