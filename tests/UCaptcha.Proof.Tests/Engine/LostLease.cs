using UCaptcha.Core.Storage;

namespace UCaptcha.Proof.Tests.Engine;

/// <summary>Holds the first call of a name until it is let go, and tells it then that the node's lease is lost.</summary>
internal sealed class LostLease(string held) : IFaults
{
    private readonly Brake _brake = new(held);
    private int _held;

    /// <summary>Completes when the call is held.</summary>
    public Task Reached => _brake.Reached;

    public void Tell() => _brake.Release();

    public Fault Next(string call) => Fault.None;

    public async Task HoldAsync(string call)
    {
        if (call != held || Interlocked.Increment(ref _held) > 1)
            return;
        await _brake.HoldAsync(call);
        throw new LeaseLostException();
    }
}
