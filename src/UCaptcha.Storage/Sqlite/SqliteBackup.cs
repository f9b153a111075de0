using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sqlite;

/// <summary>Copies a database while others read and write it, and puts a copy back.</summary>
public static class SqliteBackup
{
    private const string Partial = ".part";

    /// <summary>Copies the database of a data directory as it is at one moment, whether a server runs on it or not.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="target">A file that does not exist yet.</param>
    /// <returns>The size of the copy in bytes.</returns>
    /// <exception cref="IOException">The target exists or cannot be written.</exception>
    /// <exception cref="StoreUnavailableException">There is no database, or it cannot be read.</exception>
    public static long Take(SqliteStorageOptions options, string target) => Take(DataDirectory.DatabaseOf(options.DataDirectory), target);

    /// <summary>
    /// Puts a copy back in place of the database of a data directory, and keeps the database that was there. The copy
    /// is checked first; where it is damaged or too new, nothing is changed.
    /// </summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="source">A file that <see cref="Take(SqliteStorageOptions, string)"/> wrote.</param>
    /// <param name="now">Names the database that was there.</param>
    /// <returns>Where the database that was there is kept, or null when there was none.</returns>
    /// <exception cref="StoreInUseException">A server runs on the directory.</exception>
    /// <exception cref="SchemaTooNewException">A later version of the program wrote the copy.</exception>
    /// <exception cref="StoreUnavailableException">The copy is damaged, or the directory cannot be written.</exception>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public static string? Restore(SqliteStorageOptions options, string source, DateTimeOffset now)
    {
        Check(source);
        using var directory = DataDirectory.Own(options.DataDirectory);
        var database = directory.DatabasePath;
        var fresh = database + Partial;
        Copy(source, fresh);
        // The owner of a directory makes an empty file where there is none.
        if (new FileInfo(database).Length == 0)
        {
            File.Move(fresh, database, overwrite: true);
            return null;
        }

        var kept = $"{database}.before-{now:yyyyMMddTHHmmssZ}";
        // A journal left behind would be taken for the new database's.
        FoldJournal(database, kept);
        File.Replace(fresh, database, kept);
        return kept;
    }

    internal static long Take(string database, string target)
    {
        var full = Path.GetFullPath(target);
        if (!File.Exists(database))
            throw new StoreUnavailableException($"There is no database '{database}'.");
        if (File.Exists(full))
            throw new IOException($"The file '{full}' exists.");
        var partial = full + Partial;
        File.Delete(partial);
        try
        {
            // Into an empty file, which may be there: SQLite would make one that everybody may read.
            using (OwnersFile.Create(partial))
            {
            }

            using (var connection = new ConnectionFactory(database, new SqliteStorageOptions { DataDirectory = Path.GetDirectoryName(database)! })
                .Open(SqliteOpenMode.ReadWrite))
                connection.Execute("VACUUM INTO @partial", new { partial });
            Flush(partial);
            File.Move(partial, full);
            return new FileInfo(full).Length;
        }
        catch (Exception e) when (e is SqliteException or UnauthorizedAccessException)
        {
            File.Delete(partial);
            throw new StoreUnavailableException($"The database '{database}' could not be copied to '{full}': {e.Message}", e);
        }
    }

    private static void Check(string source)
    {
        if (!File.Exists(source))
            throw new FileNotFoundException($"There is no file '{Path.GetFullPath(source)}'.");
        try
        {
            using var connection = new ConnectionFactory(source, new SqliteStorageOptions { DataDirectory = "." }).Open(SqliteOpenMode.ReadOnly);
            Migrator.Check(connection);
            if (Migrator.Version(connection) == 0 || connection.QueryFirst<string>("PRAGMA integrity_check(1)") is not "ok")
                throw new StoreUnavailableException($"The file '{source}' is not a whole backup of this program.");
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The file '{source}' is not a backup of this program: {e.Message}", e);
        }
    }

    private static void Copy(string source, string target)
    {
        File.Delete(target);
        using var from = File.OpenRead(source);
        using var to = OwnersFile.Create(target);
        from.CopyTo(to);
        to.Flush(flushToDisk: true);
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static void FoldJournal(string database, string kept)
    {
        try
        {
            using var connection = new ConnectionFactory(database, new SqliteStorageOptions { DataDirectory = Path.GetDirectoryName(database)! })
                .Open(SqliteOpenMode.ReadWrite);
            connection.Execute("PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException)
        {
            // It is damaged: perhaps that is why a copy is put back. Its journal stays beside it under its new name.
        }

        foreach (var suffix in (string[])["-wal", "-shm"])
        {
            if (File.Exists(database + suffix))
                File.Move(database + suffix, kept + suffix, overwrite: true);
        }
    }
}
