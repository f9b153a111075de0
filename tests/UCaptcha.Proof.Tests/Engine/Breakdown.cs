using System.Collections.Concurrent;

namespace UCaptcha.Proof.Tests.Engine;

/// <summary>Calls of some names fail, as no store says that it can, until it is over.</summary>
internal sealed class Breakdown(params string[] broken) : IFaults
{
    private readonly ConcurrentDictionary<string, int> _called = new();
    private readonly ConcurrentDictionary<string, int> _failed = new();
    private volatile bool _over;

    /// <summary>How many calls of a name there have been.</summary>
    public int Called(string call) => _called.GetValueOrDefault(call);

    /// <summary>How many calls of a name have failed.</summary>
    public int Failed(string call) => _failed.GetValueOrDefault(call);

    public void End() => _over = true;

    public Fault Next(string call)
    {
        Count(_called, call);
        if (_over || !broken.Contains(call, StringComparer.Ordinal))
            return Fault.None;
        Count(_failed, call);
        return Fault.Unforeseen;
    }

    private static void Count(ConcurrentDictionary<string, int> calls, string call) => calls.AddOrUpdate(call, 1, static (_, count) => count + 1);
}
