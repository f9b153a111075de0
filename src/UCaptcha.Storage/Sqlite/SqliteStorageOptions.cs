using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Sqlite;

/// <summary>How the SQLite store works.</summary>
public sealed record SqliteStorageOptions
{
    /// <summary>The directory of <c>ucaptcha.db</c>. Created if it is missing, then for its owner only.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Whether a commit waits for the disk.</summary>
    /// <value>True: a write that returned survives a power loss (synchronous=FULL). False: it survives the end of the process (NORMAL).</value>
    public bool FlushEveryCommit { get; init; } = true;

    /// <summary>How many writes may wait. Above it a write fails at once.</summary>
    /// <value>16384 by default; at least 1.</value>
    public int QueueCapacity { get; init; } = 16_384;

    /// <summary>The most writes in one commit.</summary>
    /// <value>256 by default; at least 1.</value>
    public int MaxBatch { get; init; } = 256;

    /// <summary>How long a commit takes in writes that arrive while it is made. An idle store commits the first write at once.</summary>
    /// <value>5 ms by default.</value>
    public TimeSpan MaxBatchAge { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long to wait for a lock that another program, such as a backup, holds on the file.</summary>
    /// <value>5 s by default.</value>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    internal WriterOptions Writer => new(QueueCapacity, MaxBatch, MaxBatchAge);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataDirectory);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BusyTimeout, TimeSpan.Zero);
    }
}
