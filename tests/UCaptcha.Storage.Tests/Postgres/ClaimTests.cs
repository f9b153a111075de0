using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Nodes take the tasks of one that is gone.</summary>
public sealed class ClaimTests : TwoNodes
{
    [Fact]
    public async Task Claim_NodeStopped_GetsItsTasksAtOnceWithTheirAttempts()
    {
        var task = await AddAsync(A);
        await A.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await A.DisposeAsync();

        var claimed = Assert.Single(await B.ClaimAsync(100, None));

        Assert.Equal(task.Id, claimed.Task.Id);
        Assert.Equal(AttemptState.Submitting, Assert.Single(claimed.Attempts).State);
        Assert.Empty(await B.ClaimAsync(100, None));
        Assert.Equal(1, await B.FinishAsync(Make.Failed(task), None));
    }

    [Fact]
    public async Task Claim_TakenAndThenNotRead_IsToldOfTheNextTime()
    {
        var task = await AddAsync(A);
        await A.DisposeAsync();
        // The claim cuts every other connection: those that read as well.
        Host.Execute(
            """
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
                    RETURN NULL;
                END $$;
            CREATE TRIGGER cut AFTER UPDATE OF owner ON tasks FOR EACH STATEMENT EXECUTE FUNCTION cut();
            """);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => B.ClaimAsync(100, None).AsTask());

        var told = Assert.Single(await B.ClaimAsync(100, None));

        Assert.Equal(task.Id, told.Task.Id);
        Assert.Empty(await B.ClaimAsync(100, None));
    }

    [Fact]
    public async Task Claim_ManyNodesAtOnce_EachTaskOnce()
    {
        var tasks = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => AddAsync(A)));
        await A.DisposeAsync();
        await using var c = await Host.OpenPostgresAsync();

        var claimed = await Task.WhenAll(new[] { B, c, B, c }.Select(node => Task.Run(async () =>
        {
            var mine = new List<Guid>();
            while (await node.ClaimAsync(20, None) is { Count: > 0 } some)
                mine.AddRange(some.Select(entry => entry.Task.Id));
            return mine;
        })));
        // Whoever found only what others were just taking came away with nothing.
        var rest = await B.ClaimAsync(300, None);

        Assert.Equal(tasks.Select(task => task.Id).Order(), claimed.SelectMany(ids => ids).Concat(rest.Select(entry => entry.Task.Id)).Order());
    }

    [Fact]
    public async Task Claim_SomeLockedByAnotherTransaction_TakesTheOthersWhileItIsOpen()
    {
        var tasks = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AddAsync(A)));
        await A.DisposeAsync();
        using var foreign = Host.Connect();
        using var transaction = foreign.BeginTransaction();
        var locked = foreign.Query<byte[]>("SELECT id FROM tasks ORDER BY id LIMIT 10 FOR UPDATE", transaction: transaction)
            .Select(id => new Guid(id, bigEndian: true)).ToList();

        var others = await B.ClaimAsync(100, None);

        Assert.Equal(tasks.Select(task => task.Id).Except(locked).Order(), Ids(others));
        Assert.Empty(await B.ClaimAsync(100, None));
        transaction.Rollback();
        Assert.Equal(locked.Order(), Ids(await B.ClaimAsync(100, None)));
    }

    private static IEnumerable<Guid> Ids(IEnumerable<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)> claimed) =>
        claimed.Select(entry => entry.Task.Id).Order();
}
