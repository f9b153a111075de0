using Dapper;
using Npgsql;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Compliance;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>A schema of its own in the cluster that the tests share. Skips the test where PostgreSQL is not installed.</summary>
/// <param name="change">Other options than the usual ones.</param>
/// <param name="ownDatabase">For tests of what a database has only once: its notifications and its connections. Making one takes longer.</param>
internal sealed class PostgresHost(Func<PostgresStorageOptions, PostgresStorageOptions>? change = null, bool ownDatabase = false) : IStoreHost
{
    private string? _connectionString;

    public string ConnectionString => _connectionString ?? throw new InvalidOperationException("Nothing was opened.");

    public async ValueTask<PostgresStore> OpenPostgresAsync(Func<PostgresStorageOptions, PostgresStorageOptions>? more = null, TimeProvider? time = null)
    {
        await CreateAsync();
        var options = new PostgresStorageOptions { ConnectionString = ConnectionString, Writers = 2 };
        options = change?.Invoke(options) ?? options;
        return await PostgresStore.OpenAsync(more?.Invoke(options) ?? options, time ?? TimeProvider.System);
    }

    /// <summary>As a server does at its start, takes what the last one left.</summary>
    public async ValueTask<OpenStore> OpenAsync()
    {
        var store = await OpenPostgresAsync();
        while ((await store.ClaimAsync(500, CancellationToken.None)).Count > 0)
        {
        }

        return new OpenStore(store, store, store, store);
    }

    public async Task CreateAsync()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        _connectionString ??= ownDatabase ? await (await SharedCluster.GetAsync()).CreateDatabaseAsync() : await SharedCluster.CreateSchemaAsync();
    }

    /// <summary>A copy of its own database, as a file.</summary>
    public async Task<string> DumpAsync() =>
        await (await SharedCluster.GetAsync()).DumpAsync(new NpgsqlConnectionStringBuilder(ConnectionString).Database!);

    /// <summary>Begins with such a copy.</summary>
    public async Task RestoreAsync(string dump) => _connectionString = await (await SharedCluster.GetAsync()).RestoreAsync(dump);

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

    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        return connection;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
