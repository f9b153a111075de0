using Npgsql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>How the PostgreSQL store works.</summary>
public sealed record PostgresStorageOptions
{
    /// <summary>Where the database is, in Npgsql's words: <c>Host=…;Database=…;Username=…;Password=…</c>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>What people read of this node in the table of nodes.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>How long the tasks of a node that does not renew its lease stay its own.</summary>
    /// <value>30 s by default; 1 s to 10 minutes.</value>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a commit waits for the disk.</summary>
    /// <value>True by default. False: the last moments may be lost with the database's machine (synchronous_commit=off).</value>
    public bool FlushEveryCommit { get; init; } = true;

    /// <summary>How many connections write, each its own commits.</summary>
    /// <value>4 by default; at least 1.</value>
    public int Writers { get; init; } = 4;

    /// <summary>How many connections may read at once. Beyond it reads wait, and fail after <see cref="Patience"/>.</summary>
    /// <value>20 by default; at least 1.</value>
    public int Readers { get; init; } = 20;

    /// <summary>How many writes may wait for one writer. Above it a write fails at once.</summary>
    /// <value>16384 by default; at least 1.</value>
    public int QueueCapacity { get; init; } = 16_384;

    /// <summary>The most writes in one commit.</summary>
    /// <value>256 by default; at least 1.</value>
    public int MaxBatch { get; init; } = 256;

    /// <summary>How long to wait for a connection, and for the fate of a commit whose connection broke.</summary>
    /// <value>5 s by default; at least 1 s.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a write waits for what another transaction has locked.</summary>
    internal TimeSpan LockPatience { get; init; } = TimeSpan.FromSeconds(5);

    internal WriterOptions Writer => new(QueueCapacity, MaxBatch, MaxBatchAge: TimeSpan.Zero);

    /// <exception cref="ArgumentException">The connection string cannot be read, or a number is out of its range.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ConnectionString);
        _ = new NpgsqlConnectionStringBuilder(ConnectionString);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeaseTime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LeaseTime, TimeSpan.FromMinutes(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(Writers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Readers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, TimeSpan.FromSeconds(1));
    }
}
