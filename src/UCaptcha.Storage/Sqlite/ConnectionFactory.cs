using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sqlite;

/// <summary>Opens connections to one file and sets them up.</summary>
internal sealed class ConnectionFactory(string path, SqliteStorageOptions options)
{
    static ConnectionFactory() => SQLitePCL.Batteries_V2.Init();

    // The checkpointer brings the journal into the file. Under a load without a pause it never sees the end of it: beyond
    // 16384 pages (64 MB) the writer brings in the little that is left.
    private const string WriterSetUp = "PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -4096;";

    public SqliteConnection OpenWriter()
    {
        var connection = Open(SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL") is var mode and not "wal")
                throw new StoreUnavailableException($"The file system of '{path}' does not allow a write-ahead log; the journal mode stays '{mode}'.");
            connection.Execute($"PRAGMA synchronous = {(options.FlushEveryCommit ? "FULL" : "NORMAL")}; {WriterSetUp}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteConnection OpenReader()
    {
        var connection = Open(SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA query_only = ON");
        return connection;
    }

    /// <summary>Leaves the file as it is, whatever it is.</summary>
    public SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {(int)options.BusyTimeout.TotalMilliseconds}; PRAGMA temp_store = MEMORY;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
