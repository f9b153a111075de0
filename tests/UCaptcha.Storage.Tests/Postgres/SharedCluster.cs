using UCaptcha.Storage.Tests.Postgres;
using UCaptcha.TestKit.Processes;

[assembly: AssemblyFixture(typeof(SharedCluster))]

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>The cluster in which most tests have a database: started by the first that needs it, stopped behind the last.</summary>
public sealed class SharedCluster : IAsyncDisposable
{
    // What the disk has is the business of the tests that crash a cluster of their own.
    private static readonly Lazy<Task<PostgresCluster>> Cluster = new(() => PostgresCluster.StartAsync("fsync=off"));

    public static Task<PostgresCluster> GetAsync() => Cluster.Value;

    public async ValueTask DisposeAsync()
    {
        if (Cluster.IsValueCreated)
            await (await Cluster.Value).DisposeAsync();
    }
}
