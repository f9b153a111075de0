namespace UCaptcha.Proof.Tests.Engine;

/// <summary>Holds the first call of a name until it is let go.</summary>
internal sealed class Brake(string held) : IFaults
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the call is held.</summary>
    public Task Reached => _reached.Task;

    public void Release() => _released.TrySetResult();

    public Fault Next(string call) => Fault.None;

    public Task HoldAsync(string call)
    {
        if (call != held)
            return Task.CompletedTask;
        _reached.TrySetResult();
        return _released.Task;
    }
}
