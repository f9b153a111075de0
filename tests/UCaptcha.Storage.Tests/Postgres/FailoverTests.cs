using System.Globalization;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Synchronous replication: a standby that knows less than the primary did takes over, or a commit stops waiting for it.</summary>
public sealed class FailoverTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Accept_PrimaryDiesInTheCommitOfWhichItsStandbyKnowsNothing_IsUnavailableThoughTheNumberIsAnotherCommitsNow()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var pair = await PostgresPair.StartAsync();
        await using var store = await OpenAsync(pair.Primary);
        var key = await store.SaveKeyAsync(Make.Key(), None);
        await store.AcceptAsync(Make.Task(key.Id), None);
        await pair.Standby.QueryAsync("ALTER SYSTEM SET primary_conninfo = ''");
        await pair.Standby.QueryAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(async () => await pair.Primary.QueryAsync("SELECT count(*) FROM pg_stat_replication") == "0");
        var lost = Make.Task(key.Id);
        var accepting = store.AcceptAsync(lost, None).AsTask();
        await WaitingForStandbyAsync(pair.Primary);
        var number = Number(await pair.Primary.QueryAsync("SELECT pg_snapshot_xmin(pg_current_snapshot())"));

        await pair.FailOverAsync(takeAddress: true);
        while (Number(await pair.Primary.QueryAsync("SELECT pg_current_xact_id()")) < number)
        {
        }

        Assert.Equal("committed", await pair.Primary.QueryAsync($"SELECT pg_xact_status('{number}')"));
        await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => accepting);
        Assert.Null(await store.FindAsync(lost.Id, None));
        Assert.Equal(AcceptResult.Accepted, (await store.AcceptAsync(Make.Task(key.Id), None)).Result);
    }

    [Fact]
    public async Task Accept_CommitStopsWaitingForItsStandby_IsUnavailableThenGoesOn()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync();
        await using var store = await OpenAsync(cluster);
        var (key, accepting) = await BeginToAcceptAsync(cluster, store);

        await cluster.QueryAsync("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

        var unavailable = await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => accepting);
        Assert.True(unavailable.MayHaveWritten);
        await SetStandbyAsync(cluster, "");
        Assert.Equal(AcceptResult.Accepted, (await store.AcceptAsync(Make.Task(key.Id), None)).Result);
    }

    [Fact]
    public async Task Accept_ConnectionBreaksWhileTheCommitWaitsForItsStandby_IsAcceptedOnceTheStandbyHasIt()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync();
        await using var store = await OpenAsync(cluster);
        var (_, accepting) = await BeginToAcceptAsync(cluster, store);

        await cluster.QueryAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        await WaitingForStandbyAsync(cluster);

        Assert.False(accepting.IsCompleted);
        await SetStandbyAsync(cluster, "");
        Assert.Equal(AcceptResult.Accepted, (await accepting).Result);
    }

    [Fact]
    public async Task Register_CommitStopsWaitingForItsStandby_GivesNoNumber()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync();
        await using var store = await OpenAsync(cluster);
        await SetStandbyAsync(cluster, "nobody");

        var registering = store.RegisterAsync(None).AsTask();
        await WaitingForStandbyAsync(cluster);
        await cluster.QueryAsync("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

        await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => registering);
        await SetStandbyAsync(cluster, "");
        await store.RegisterAsync(None);
        Assert.Equal(3, await store.RenewAsync(None));
    }

    /// <summary>Has the store accept a task whose commit waits for a standby that there is none of.</summary>
    private static async Task<(StoredKey Key, Task<AcceptOutcome> Accepting)> BeginToAcceptAsync(PostgresCluster cluster, PostgresStore store)
    {
        var key = await store.SaveKeyAsync(Make.Key(), None);
        await store.AcceptAsync(Make.Task(key.Id), None);
        await SetStandbyAsync(cluster, "nobody");
        var accepting = store.AcceptAsync(Make.Task(key.Id), None).AsTask();
        await WaitingForStandbyAsync(cluster);
        return (key, accepting);
    }

    private static async Task SetStandbyAsync(PostgresCluster cluster, string name)
    {
        await cluster.QueryAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await cluster.QueryAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(async () => await cluster.QueryAsync("SHOW synchronous_standby_names") == name);
    }

    private static Task WaitingForStandbyAsync(PostgresCluster cluster) => Eventually.TrueAsync(
        async () => await cluster.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static async ValueTask<PostgresStore> OpenAsync(PostgresCluster cluster) => await PostgresStore.OpenAsync(
        new PostgresStorageOptions { ConnectionString = await cluster.CreateDatabaseAsync(), Writers = 1, Patience = TimeSpan.FromSeconds(20) }, TimeProvider.System);
}
