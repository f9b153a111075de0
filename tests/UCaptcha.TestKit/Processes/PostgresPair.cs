namespace UCaptcha.TestKit.Processes;

/// <summary>A primary and a standby that has every commit on its disk before its client hears of it.</summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private int _freePort;

    private PostgresPair(PostgresCluster primary, PostgresCluster standby) => (Primary, Standby) = (primary, standby);

    /// <summary>The one that takes writes.</summary>
    public PostgresCluster Primary { get; private set; }

    /// <summary>The one that follows.</summary>
    public PostgresCluster Standby { get; private set; }

    /// <summary>Starts both.</summary>
    public static async Task<PostgresPair> StartAsync()
    {
        var primary = await PostgresCluster.StartAsync();
        try
        {
            var pair = new PostgresPair(primary, await PostgresCluster.FollowAsync(primary));
            await pair.WaitForStandbyAsync();
            return pair;
        }
        catch
        {
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary crashes and never comes back as it was; the standby is promoted.</summary>
    /// <param name="takeAddress">Whether the new primary listens where the old one did, as behind an address that moves. Else each keeps its own.</param>
    public async Task FailOverAsync(bool takeAddress)
    {
        var (dead, next) = (Primary, Standby);
        await dead.CrashAsync();
        _freePort = takeAddress ? next.Port : dead.Port;
        if (takeAddress)
            await next.MoveAsync(dead.Port);
        await next.PromoteAsync();
        (Primary, Standby) = (next, dead);
    }

    /// <summary>After a failover: makes a new standby of the new primary, and waits until no commit can be lost with one of them again.</summary>
    public async Task ReplaceStandbyAsync()
    {
        await Standby.DisposeAsync();
        Standby = await PostgresCluster.FollowAsync(Primary, _freePort);
        await WaitForStandbyAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }

    /// <summary>Commits wait for a standby only from when there is one: the setting is not in what the standby was copied from, and so waits for nobody when it is promoted.</summary>
    private async Task WaitForStandbyAsync()
    {
        await Eventually.TrueAsync(async () => await Primary.QueryAsync("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1");
        await Primary.QueryAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await Primary.QueryAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(async () => await Primary.QueryAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1");
    }
}
