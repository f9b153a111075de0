using Dapper;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>A look at the database itself.</summary>
public sealed partial class PostgresStore : IStoreKeeper
{
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
