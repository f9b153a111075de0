using Dapper;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>A look at all tasks and at the database itself.</summary>
public sealed partial class PostgresStore : ITaskArchive, IStoreKeeper
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> ListTasksAsync(TaskFilter filter, Guid? before, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, page) => TaskListing.List(connection, page), (filter, before, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        await _writers.WriteAsync(static (session, _) => StatusRows.Probe(session.Connection), 0, cancellationToken).ConfigureAwait(false);
        await LastSequenceAsync(cancellationToken).ConfigureAwait(false);
    }

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
