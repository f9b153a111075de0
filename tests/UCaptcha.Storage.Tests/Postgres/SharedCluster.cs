using Dapper;
using Npgsql;
using UCaptcha.Storage.Tests.Postgres;
using UCaptcha.TestKit.Processes;

[assembly: AssemblyFixture(typeof(SharedCluster))]

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>The cluster in which most tests have a database: started by the first that needs it, stopped behind the last.</summary>
public sealed class SharedCluster : IAsyncDisposable
{
    // What the disk has is the business of the tests that crash a cluster of their own.
    private static readonly Lazy<Task<PostgresCluster>> Cluster = new(() => PostgresCluster.StartAsync("fsync=off"));

    private static readonly Lazy<Task<string>> Database = new(async () => await (await GetAsync()).CreateDatabaseAsync());

    public static Task<PostgresCluster> GetAsync() => Cluster.Value;

    /// <summary>Makes a new schema in a database that many tests share, and returns the connection string that leads there.</summary>
    public static async Task<string> CreateSchemaAsync()
    {
        var name = $"s{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(await Database.Value);
        await connection.OpenAsync();
        await connection.ExecuteAsync($"CREATE SCHEMA {name}");
        return $"{await Database.Value};Search Path={name}";
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster.IsValueCreated)
            await (await Cluster.Value).DisposeAsync();
    }
}
