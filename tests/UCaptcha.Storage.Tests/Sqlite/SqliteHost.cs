using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Compliance;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

/// <summary>A real file in a directory of its own.</summary>
internal sealed class SqliteHost(Func<SqliteStorageOptions, SqliteStorageOptions>? change = null) : IStoreHost
{
    private readonly TempDirectory _directory = new();

    public string Path => _directory.Path;

    public string DatabasePath => System.IO.Path.Combine(Path, "ucaptcha.db");

    public ValueTask<SqliteStore> OpenSqliteAsync()
    {
        var options = new SqliteStorageOptions { DataDirectory = Path };
        return SqliteStore.OpenAsync(change?.Invoke(options) ?? options, TimeProvider.System);
    }

    public async ValueTask<OpenStore> OpenAsync()
    {
        var store = await OpenSqliteAsync();
        return new OpenStore(store, store, store, store);
    }

    public IReadOnlyList<LedgerRow> ReadLedger()
    {
        using var connection = Connect();
        var rows = new List<LedgerRow>();
        using var reader = connection.ExecuteReader("SELECT at, key_id, task_id, kind, account, amount_micros FROM ledger ORDER BY id");
        while (reader.Read())
        {
            rows.Add(new LedgerRow(
                reader.GetInt64(0),
                reader.IsDBNull(1) ? null : reader.GetInt64(1),
                reader.IsDBNull(2) ? null : (byte[])reader.GetValue(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetInt64(5)));
        }

        return rows;
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        connection.Execute(sql);
    }

    public SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
