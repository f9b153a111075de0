using Dapper;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>A look at the database itself.</summary>
public sealed partial class PostgresStore : IStoreKeeper
{
    /// <summary>Longer than the engine waits before it writes again what failed.</summary>
    private static readonly TimeSpan FullDiskMemory = TimeSpan.FromSeconds(6);

    /// <inheritdoc/>
    /// <remarks>A full disk still has room for a counter: what failed on it a moment ago is believed.</remarks>
    public override ValueTask ProbeAsync(CancellationToken cancellationToken) => _writers.FullDisk(FullDiskMemory, Time) is { } failure
        ? ValueTask.FromException(PostgresFailures.Translate(failure))
        : base.ProbeAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken) => _reads.ReadAsync(
        static (connection, _) => StatusRows.Read(
            connection, connection.ExecuteScalar<long>("SELECT pg_database_size(current_database())"), PostgresMigrator.Latest),
        0,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> BackupAsync(string path, CancellationToken cancellationToken) => ValueTask.FromException<long>(new NotSupportedException(
        "The database is PostgreSQL, which has its own backup: pg_dump for a copy of one moment, or pg_basebackup with WAL archiving for every moment."));
}
