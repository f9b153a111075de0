using System.Data.Common;
using System.Globalization;
using Npgsql;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.KillTest.Nodes;

/// <summary>One database of a PostgreSQL of its own: for any number of nodes.</summary>
internal sealed class PostgresRoom : IStoreRoom
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgresCluster _cluster;
    private readonly string _connectionString;

    private PostgresRoom(PostgresCluster cluster, string connectionString, TimeSpan lease)
    {
        (_cluster, _connectionString) = (cluster, connectionString);
        Settings = new Dictionary<string, string>
        {
            ["Storage__Provider"] = "postgres",
            ["Storage__ConnectionString"] = connectionString,
            ["Storage__LeaseSeconds"] = ((int)lease.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        };
    }

    public IReadOnlyDictionary<string, string> Settings { get; }

    public static async Task<PostgresRoom> StartAsync(TimeSpan lease)
    {
        var cluster = await PostgresCluster.StartAsync();
        return new PostgresRoom(cluster, await cluster.CreateDatabaseAsync(), lease);
    }

    public string DataFolder(int node) => Path.Combine(_folder.Path, $"node-{node}");

    public DbConnection Connect()
    {
        var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        return connection;
    }

    public async Task CrashAsync()
    {
        await _cluster.CrashAsync();
        await _cluster.RestartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }
}
