using Dapper;
using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>The database goes away, and comes back.</summary>
public sealed class OutageTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Write_DatabaseCrashesAndRestarts_IsUnavailableThenGoesOnWithAllThatWasAcknowledged()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync();
        await using var store = await OpenAsync(cluster);
        var key = await store.SaveKeyAsync(Make.Key(), None);
        var acknowledged = new List<Guid>();
        using var stop = new CancellationTokenSource();
        var refused = 0;
        var accepting = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var task = Make.Task(key.Id);
                try
                {
                    await store.AcceptAsync(task, None);
                    lock (acknowledged)
                        acknowledged.Add(task.Id);
                }
                catch (StoreUnavailableException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));
        await Eventually.TrueAsync(() => acknowledged.Count > 50);

        await cluster.CrashAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref refused) > 0);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FindAsync(Guid.NewGuid(), None).AsTask());
        var before = acknowledged.Count;
        await cluster.RestartAsync();
        await Eventually.TrueAsync(() => acknowledged.Count > before + 50);
        await stop.CancelAsync();
        await accepting;

        foreach (var id in acknowledged)
            Assert.NotNull(await store.FindAsync(id, None));
    }

    [Fact]
    public async Task Write_EveryConnectionCut_NothingThatWasRefusedIsThere()
    {
        await using var host = new PostgresHost(ownDatabase: true);
        await using var store = await host.OpenPostgresAsync();
        var key = await store.SaveKeyAsync(Make.Key(budget: 1_000_000), None);
        var tasks = Enumerable.Range(0, 300).Select(_ => Make.Task(key.Id, reserve: 10)).ToList();
        var accepting = Task.WhenAll(tasks.Select(task => Task.Run(async () =>
        {
            try
            {
                await store.AcceptAsync(task, None);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        })));
        for (var i = 0; i < 5; i++)
            host.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        var accepted = await accepting;

        for (var i = 0; i < tasks.Count; i++)
            Assert.Equal(accepted[i], await FindPatientlyAsync(store, tasks[i].Id) is not null);
        Assert.Equal(accepted.Count(yes => yes) * 10, (await store.GetUsageAsync(key.Id, None)).Reserved.Micros);
    }

    [Fact]
    public async Task Write_DatabaseReadOnlyForATime_IsUnavailableThenGoesOnByItself()
    {
        await using var host = new PostgresHost(ownDatabase: true);
        await using var store = await host.OpenPostgresAsync();
        var key = await store.SaveKeyAsync(Make.Key(budget: 1000), None);
        var before = Make.Task(key.Id, reserve: 10);
        await store.AcceptAsync(before, None);

        SetReadOnly(host, "on");
        var refused = Make.Task(key.Id, reserve: 10);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AcceptAsync(refused, None).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RenewAsync(None).AsTask());
        Assert.NotNull(await FindPatientlyAsync(store, before.Id));
        using (var administrator = host.Connect())
        {
            administrator.Execute("SET default_transaction_read_only = off");
            administrator.Execute($"ALTER DATABASE {DatabaseOf(host)} RESET default_transaction_read_only");
        }

        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await store.AcceptAsync(Make.Task(key.Id, reserve: 10), None)).Result == AcceptResult.Accepted;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
        Assert.Null(await store.FindAsync(refused.Id, None));
        Assert.Equal(20, (await store.GetUsageAsync(key.Id, None)).Reserved.Micros);
    }

    [Fact]
    public async Task Read_NoConnectionLeft_IsUnavailableThenGoesOnWhileLeaseAndWritesHaveTheirs()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync("max_connections=10", "superuser_reserved_connections=0", "max_wal_senders=0", "fsync=off");
        var database = await cluster.CreateDatabaseAsync();
        await using var store = await PostgresStore.OpenAsync(new PostgresStorageOptions { ConnectionString = database }, TimeProvider.System);
        var key = await store.SaveKeyAsync(Make.Key(), None);
        Assert.Equal(1, await store.RenewAsync(None));
        var task = Make.Task(key.Id);
        await store.AcceptAsync(task, None);
        var greedy = new List<NpgsqlConnection>();
        try
        {
            while (true)
            {
                greedy.Add(new NpgsqlConnection(database + ";Pooling=false"));
                await greedy[^1].OpenAsync();
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FindAsync(task.Id, None).AsTask());
        Assert.Equal(1, await store.RenewAsync(None));
        Assert.Equal(AcceptResult.Accepted, (await store.AcceptAsync(Make.Task(key.Id), None)).Result);
        foreach (var connection in greedy)
            await connection.DisposeAsync();

        Assert.NotNull(await FindPatientlyAsync(store, task.Id));
    }

    [Fact]
    public async Task Read_PoolExhausted_IsUnavailable()
    {
        await using var host = new PostgresHost(o => o with { Readers = 1, Patience = TimeSpan.FromSeconds(1) });
        await using var store = await host.OpenPostgresAsync();
        var key = await store.SaveKeyAsync(Make.Key(), None);
        using var blocker = host.Connect();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var command = blocker.CreateCommand())
        {
            command.CommandText = "LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync();
        }

        var waiting = store.FindAsync(Guid.NewGuid(), None).AsTask();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetUsageAsync(key.Id, None).AsTask());
        await transaction.RollbackAsync();

        Assert.Null(await waiting);
        await store.GetUsageAsync(key.Id, None);
    }

    [Fact]
    public async Task Open_NothingThere_SaysSoWithoutThePassword()
    {
        var options = new PostgresStorageOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=secret-word;Database=d" };

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresStore.OpenAsync(options, TimeProvider.System).AsTask());

        Assert.DoesNotContain("secret-word", failure.ToString());
    }

    private static string DatabaseOf(PostgresHost host) => new NpgsqlConnectionStringBuilder(host.ConnectionString).Database!;

    /// <summary>As a failover does to who stays connected to the old primary.</summary>
    private static void SetReadOnly(PostgresHost host, string value)
    {
        host.Execute($"ALTER DATABASE {DatabaseOf(host)} SET default_transaction_read_only = {value}");
        host.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    private static async ValueTask<PostgresStore> OpenAsync(PostgresCluster cluster) => await PostgresStore.OpenAsync(
        new PostgresStorageOptions { ConnectionString = await cluster.CreateDatabaseAsync() }, TimeProvider.System);

    private static async Task<StoredTask?> FindPatientlyAsync(PostgresStore store, Guid id)
    {
        StoredTask? found = null;
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                found = await store.FindAsync(id, None);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
        return found;
    }
}
