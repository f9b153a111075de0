using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Sqlite;

/// <summary>A look at the database itself, and its backup.</summary>
public sealed partial class SqliteStore : IStoreKeeper
{
    private static readonly string[] Journals = ["", "-wal"];

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
