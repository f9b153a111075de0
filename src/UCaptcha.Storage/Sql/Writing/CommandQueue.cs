namespace UCaptcha.Storage.Sql.Writing;

/// <summary>A bounded queue with many producers, which never wait, and one consumer, which sleeps on its own thread.</summary>
/// <remarks>A channel would wake the consumer by way of the thread pool, whose threads may all be busy reading.</remarks>
internal sealed class CommandQueue(int capacity)
{
    private readonly Queue<IWriteCommand> _waiting = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _signal = new(0);
    private bool _sleeping;
    private bool _closed;

    /// <exception cref="Core.Storage.StoreUnavailableException">It is full or closed.</exception>
    public void Add(IWriteCommand command)
    {
        bool wake;
        lock (_lock)
        {
            if (_closed)
                throw Failures.Closed();
            if (_waiting.Count >= capacity)
                throw Failures.QueueFull();
            _waiting.Enqueue(command);
            StoreMeter.Queued();
            wake = _sleeping;
            _sleeping = false;
        }

        if (wake)
            _signal.Release();
    }

    /// <summary>Moves what waits to the end of a list, at most so many.</summary>
    public bool TryMoveTo(List<IWriteCommand> batch, int most)
    {
        var before = batch.Count;
        lock (_lock)
        {
            while (batch.Count - before < most && _waiting.TryDequeue(out var command))
            {
                StoreMeter.Taken();
                if (command.TryTake())
                    batch.Add(command);
            }
        }

        return batch.Count > before;
    }

    /// <summary>Waits until there is something. False once it is closed and empty.</summary>
    public bool Wait()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_waiting.Count > 0)
                    return true;
                if (_closed)
                    return false;
                _sleeping = true;
            }

            _signal.Wait();
        }
    }

    public void Close()
    {
        bool wake;
        lock (_lock)
        {
            _closed = true;
            wake = _sleeping;
            _sleeping = false;
        }

        if (wake)
            _signal.Release();
    }
}
