namespace UCaptcha.Storage.Postgres;

/// <summary>Under which number this node writes, and what its writers must know of the others. Safe for any thread.</summary>
internal sealed class NodeLease
{
    private readonly Lock _lock = new();
    private long _node;
    private int _alive = 1;
    private long _clockOffset;
    private DateTimeOffset? _strayAt;

    /// <summary>The number, or 0 while there is none: then nothing is written.</summary>
    public long Node
    {
        get => Volatile.Read(ref _node);
        set => Volatile.Write(ref _node, value);
    }

    /// <summary>How many nodes were alive at the last renewal.</summary>
    public int Alive
    {
        get => Volatile.Read(ref _alive);
        set => Volatile.Write(ref _alive, value);
    }

    /// <summary>How far this node's clock was ahead of the database's at the last renewal.</summary>
    public TimeSpan ClockOffset
    {
        get => new(Volatile.Read(ref _clockOffset));
        set => Volatile.Write(ref _clockOffset, value.Ticks);
    }

    /// <summary>A commit may have been made of which nobody here knows: tasks of this node may lie in the database that it does not work on.</summary>
    public void Stray(DateTimeOffset now)
    {
        lock (_lock)
            _strayAt = now;
    }

    /// <summary>When the last such commit was, once that is some time ago; then it is forgotten.</summary>
    public DateTimeOffset? TakeStray(DateTimeOffset before)
    {
        lock (_lock)
        {
            if (_strayAt is not { } at || at >= before)
                return null;
            _strayAt = null;
            return at;
        }
    }
}
