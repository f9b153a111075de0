using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>A PostgreSQL for the tests of one class, started by the first that needs it. Skips the test where it is not installed.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    // What the disk has is the business of the store's own tests.
    private readonly Lazy<Task<PostgresCluster>> _cluster = new(() => PostgresCluster.StartAsync("fsync=off"));

    public Task<PostgresCluster> ClusterAsync()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        return _cluster.Value;
    }

    /// <summary>A new database's connection string.</summary>
    public async Task<string> CreateDatabaseAsync() => await (await ClusterAsync()).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated)
            await (await _cluster.Value).DisposeAsync();
    }
}
