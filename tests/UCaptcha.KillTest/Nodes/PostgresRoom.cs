using System.Data.Common;
using System.Globalization;
using Dapper;
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

    public void NoteTakeovers() => Execute(
        """
        CREATE TABLE takeovers (at timestamptz NOT NULL, owner bigint NOT NULL);
        CREATE FUNCTION note_takeover() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO takeovers VALUES (clock_timestamp(), OLD.owner); RETURN NEW; END $$;
        CREATE TRIGGER note_takeover AFTER UPDATE OF owner ON tasks FOR EACH ROW EXECUTE FUNCTION note_takeover();
        """);

    public IReadOnlyList<Takeover> Takeovers()
    {
        using var connection = Connect();
        return [.. connection.Query<Takeover>("""SELECT owner AS "Node", max(at) AS "At", count(*) AS "Tasks" FROM takeovers GROUP BY owner""")];
    }

    public async Task CrashAsync()
    {
        await _cluster.CrashAsync();
        await _cluster.RestartAsync();
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        connection.Execute(sql);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }
}
