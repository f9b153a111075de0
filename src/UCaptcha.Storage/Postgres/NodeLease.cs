namespace UCaptcha.Storage.Postgres;

/// <summary>Under which number this node writes, and what its writers must know of the others. Safe for any thread.</summary>
internal sealed class NodeLease
{
    private long _node;
    private int _alive = 1;
    private long _clockOffset;

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
}
