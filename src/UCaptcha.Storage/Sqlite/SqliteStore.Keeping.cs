using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite;

/// <summary>A look at all tasks and at the database itself, and its backup.</summary>
public sealed partial class SqliteStore : ITaskArchive, IStoreKeeper
{
    private static readonly string[] Journals = ["", "-wal"];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> ListTasksAsync(TaskFilter filter, Guid? before, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (session, page) => TaskListing.List(session.Connection, page), (filter, before, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        await _writer.WriteAsync(static (session, _) => StatusRows.Probe(session.Connection), 0, cancellationToken).ConfigureAwait(false);
        await LastSequenceAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken) => _reads.ReadAsync(
        static (session, path) => StatusRows.Read(
            session.Connection,
            Journals.Select(suffix => new FileInfo(path + suffix)).Where(file => file.Exists).Sum(file => file.Length),
            Migrator.Latest),
        _directory.DatabasePath,
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> BackupAsync(string path, CancellationToken cancellationToken) =>
        await Task.Run(() => SqliteBackup.Take(_directory.DatabasePath, path), cancellationToken).ConfigureAwait(false);
}
