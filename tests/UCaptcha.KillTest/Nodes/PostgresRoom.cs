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
    private readonly PostgresCluster? _single;
    private readonly PostgresPair? _pair;
    private readonly string _database;
    private readonly bool _addressMoves;

    private PostgresRoom(PostgresCluster? single, PostgresPair? pair, string connectionString, KillOptions options)
    {
        (_single, _pair, _addressMoves) = (single, pair, options.AddressMoves);
        _database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        Settings = new Dictionary<string, string>
        {
            ["Storage__Provider"] = "postgres",
            ["Storage__ConnectionString"] = connectionString,
            ["Storage__LeaseSeconds"] = ((int)options.Lease.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        };
    }

    public IReadOnlyDictionary<string, string> Settings { get; }

    private PostgresCluster Primary => _pair?.Primary ?? _single!;

    /// <summary>With a standby where one is to take over.</summary>
    public static async Task<PostgresRoom> StartAsync(KillOptions options)
    {
        if (options.Deaths.Contains(Death.Failover))
        {
            var pair = await PostgresPair.StartAsync();
            var database = await pair.Primary.CreateDatabaseAsync();
            return new PostgresRoom(single: null, pair, options.AddressMoves ? database : BothPlaces(database, pair), options);
        }

        var cluster = await PostgresCluster.StartAsync();
        return new PostgresRoom(cluster, pair: null, await cluster.CreateDatabaseAsync(), options);
    }

    public string DataFolder(int node) => Path.Combine(_folder.Path, $"node-{node}");

    public DbConnection Connect()
    {
        var connection = new NpgsqlConnection(Primary.ConnectionStringOf(_database));
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
        await Primary.CrashAsync();
        await Primary.RestartAsync();
    }

    public async Task StallAsync(TimeSpan time)
    {
        await Primary.StallAsync();
        await Task.Delay(time);
        await Primary.GoOnAsync();
    }

    public Task FailOverAsync() => _pair!.FailOverAsync(_addressMoves);

    public Task ReplaceStandbyAsync() => _pair!.ReplaceStandbyAsync();

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_pair is not null)
            await _pair.DisposeAsync();
        if (_single is not null)
            await _single.DisposeAsync();
        _folder.Dispose();
    }

    private static string BothPlaces(string connectionString, PostgresPair pair) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{pair.Primary.Port},127.0.0.1:{pair.Standby.Port}"),
        TargetSessionAttributes = "primary",
    }.ConnectionString;

    private void Execute(string sql)
    {
        using var connection = Connect();
        connection.Execute(sql);
    }
}
