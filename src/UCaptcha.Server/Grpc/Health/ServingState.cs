namespace UCaptcha.Server.Grpc.Health;

/// <summary>
/// Whether the server takes calls: as a whole (the empty name) and service by service. Everything is serving at first. Safe for any thread.
/// </summary>
internal sealed class ServingState
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();
    private bool _draining;

    /// <summary>Sets one service, or with the empty name the server as a whole. Has no effect on what is told while draining.</summary>
    /// <param name="service">A full service name, or empty. The other names do not change with the empty one.</param>
    /// <param name="serving">Whether it takes calls.</param>
    public void Set(string service, bool serving)
    {
        lock (_gate)
            if (serving ? _stopped.Remove(service) : _stopped.Add(service))
                Signal();
    }

    /// <summary>The server is about to stop: from now on nothing is serving, and that is final.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            if (_draining)
                return;
            _draining = true;
            Signal();
        }
    }

    /// <summary>Whether the service, or with the empty name the server, takes calls.</summary>
    public bool IsServing(string service) => Look(service).Serving;

    /// <summary>The present state, and a task that ends at the next change of anything.</summary>
    public (bool Serving, Task Changed) Look(string service)
    {
        lock (_gate)
            return (!_draining && !_stopped.Contains(service), _changed.Task);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }
}
