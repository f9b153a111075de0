using Dapper;
using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>A connection breaks in a commit, and the database cannot be asked what became of it, which it makes some time later.</summary>
public sealed class StraysTests
{
    private static CancellationToken None => CancellationToken.None;

    public enum Write
    {
        Accept,
        Claim,
    }

    [Theory]
    [InlineData(Write.Accept)]
    [InlineData(Write.Claim)]
    public async Task Claim_CommitInDoubtWasMade_TellsOfItsTasksOnceTheyCanBeRead(Write write)
    {
        await using var host = new PostgresHost(ownDatabase: true);
        await host.CreateAsync();
        var target = new NpgsqlConnectionStringBuilder(host.ConnectionString);
        await using var link = new TcpLink(target.Port);
        target.Port = link.Port;
        var time = new ManualTimeProvider();
        await using var node = await PostgresStore.OpenAsync(new PostgresStorageOptions { ConnectionString = target.ConnectionString, Writers = 1 }, time);
        var key = await node.SaveKeyAsync(Make.Key(), None);
        // Long before the commit: what is claimed may be of any age.
        var task = Make.Task(key.Id, at: time.GetUtcNow().AddHours(-1));
        if (write == Write.Claim)
            await LeaveOrphanAsync(host, task);
        MakeCommitsWait(host);

        Task writing = write == Write.Claim ? node.ClaimAsync(10, None).AsTask() : node.AcceptAsync(task, None).AsTask();
        await Eventually.TrueAsync(() => Ask(host, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active' AND datname = current_database())"));
        link.Cut();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return writing.IsCompleted;
        });
        Assert.True((await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => writing)).MayHaveWritten);
        time.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.ClaimAsync(10, None).AsTask());
        host.Execute("INSERT INTO gate VALUES (1)");
        await Eventually.TrueAsync(() => Ask(host, "SELECT EXISTS (SELECT FROM tasks WHERE owner = (SELECT min(id) FROM nodes))"));
        link.Mend();
        // The node looks, and what it found cannot be read.
        host.Execute("ALTER TABLE attempts RENAME TO attempts_away");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.ClaimAsync(10, None).AsTask());
        host.Execute("ALTER TABLE attempts_away RENAME TO attempts");

        var told = Assert.Single(await node.ClaimAsync(10, None));

        Assert.Equal(task.Id, told.Task.Id);
        Assert.Empty(await node.ClaimAsync(10, None));
    }

    [Fact]
    public void Look_UntilFoundOrTooLateForACommit_GoesOn()
    {
        var time = new ManualTimeProvider();
        var strays = new Strays();
        var (found, lost) = (Guid.NewGuid(), Guid.NewGuid());
        strays.Add(found);
        strays.Add(lost);
        // Nobody could look while the database hung.
        time.Advance(TimeSpan.FromHours(30));

        strays.Settle(strays.Look(time.GetUtcNow()), time.GetUtcNow(), new HashSet<Guid> { found });
        Assert.Equal([lost], Sought());
        var (sought, at) = (strays.Look(time.GetUtcNow()), time.GetUtcNow());
        time.Advance(TimeSpan.FromHours(25));
        strays.Settle(sought, at, new HashSet<Guid>());
        Assert.Equal([lost], Sought());
        strays.Settle(strays.Look(time.GetUtcNow()), time.GetUtcNow(), new HashSet<Guid>());
        Assert.Empty(Sought());

        IEnumerable<Guid> Sought() => strays.Look(time.GetUtcNow()).Select(stray => stray.Key);
    }

    [Fact]
    public void Look_ForTheWholeTimeThatACommitMayTake_IsRarerAndRarerAndNeverLaterThanATenth()
    {
        var time = new ManualTimeProvider();
        var strays = new Strays();
        strays.Add(Guid.NewGuid());
        var (begun, last, looks) = (time.GetUtcNow(), time.GetUtcNow(), 0);
        // As often as a node claims.
        for (; time.GetUtcNow() - begun < TimeSpan.FromHours(23); time.Advance(TimeSpan.FromSeconds(1)))
        {
            var now = time.GetUtcNow();
            if (strays.Look(now) is not { Count: > 0 } sought)
                continue;
            Assert.True(now - last <= TimeSpan.FromSeconds(1) + ((last - begun) / 10));
            strays.Settle(sought, now, new HashSet<Guid>());
            (last, looks) = (now, looks + 1);
        }

        Assert.InRange(looks, 60, 200);
        Assert.True(time.GetUtcNow() - last < TimeSpan.FromHours(3));
    }

    private static async Task LeaveOrphanAsync(PostgresHost host, StoredTask task)
    {
        await using var other = await host.OpenPostgresAsync();
        Assert.Equal(AcceptResult.Accepted, (await other.AcceptAsync(task, None)).Result);
    }

    /// <summary>Whatever changes the owner of a task is committed when the gate is open.</summary>
    private static void MakeCommitsWait(PostgresHost host) => host.Execute(
        """
        CREATE TABLE gate (open int);
        CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                WHILE NOT EXISTS (SELECT FROM gate) LOOP
                    PERFORM pg_sleep(0.02);
                END LOOP;
                RETURN NULL;
            END $$;
        CREATE CONSTRAINT TRIGGER wait_at_gate AFTER INSERT OR UPDATE OF owner ON tasks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_gate();
        """);

    private static bool Ask(PostgresHost host, string sql)
    {
        using var connection = host.Connect();
        return connection.ExecuteScalar<bool>(sql);
    }
}
