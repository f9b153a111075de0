namespace UCaptcha.Proof.Tests.Engine;

/// <summary>What the calls of a name did is not told until it is let go.</summary>
internal sealed class LateAnswer(string held) : IFaults
{
    private readonly Brake _brake = new(held);

    /// <summary>Completes when an answer is held.</summary>
    public Task Reached => _brake.Reached;

    public void Release() => _brake.Release();

    public Fault Next(string call) => Fault.None;

    public Task HoldAnswerAsync(string call) => _brake.HoldAsync(call);
}
