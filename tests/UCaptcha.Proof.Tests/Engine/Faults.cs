namespace UCaptcha.Proof.Tests.Engine;

/// <summary>Several at once.</summary>
internal sealed class Faults(params IFaults[] all) : IFaults
{
    public Fault Next(string call) => all.Select(one => one.Next(call)).Max();

    public Task HoldAsync(string call) => Task.WhenAll(all.Select(one => one.HoldAsync(call)));

    public Task HoldAnswerAsync(string call) => Task.WhenAll(all.Select(one => one.HoldAnswerAsync(call)));
}
