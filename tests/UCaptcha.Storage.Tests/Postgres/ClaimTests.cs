using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>Nodes take the tasks of one that is gone.</summary>
public sealed class ClaimTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new(ownDatabase: true);
    private PostgresStore _a = null!;
    private PostgresStore _b = null!;
    private long _key;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Claim_NodeStopped_GetsItsTasksAtOnceWithTheirAttempts()
    {
        var task = await AddAsync(_a);
        await _a.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await _a.DisposeAsync();

        var claimed = Assert.Single(await _b.ClaimAsync(100, None));

        Assert.Equal(task.Id, claimed.Task.Id);
        Assert.Equal(AttemptState.Submitting, Assert.Single(claimed.Attempts).State);
        Assert.Empty(await _b.ClaimAsync(100, None));
        Assert.Equal(1, await _b.FinishAsync(Make.Failed(task), None));
    }

    [Fact]
    public async Task Claim_TakenAndThenNotRead_IsToldOfTheNextTime()
    {
        var task = await AddAsync(_a);
        await _a.DisposeAsync();
        // The claim cuts every other connection: those that read as well.
        _host.Execute(
            """
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
                    RETURN NULL;
                END $$;
            CREATE TRIGGER cut AFTER UPDATE OF owner ON tasks FOR EACH STATEMENT EXECUTE FUNCTION cut();
            """);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _b.ClaimAsync(100, None).AsTask());

        var told = Assert.Single(await _b.ClaimAsync(100, None));

        Assert.Equal(task.Id, told.Task.Id);
        Assert.Empty(await _b.ClaimAsync(100, None));
    }

    [Fact]
    public async Task Claim_ManyNodesAtOnce_EachTaskOnce()
    {
        var tasks = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => AddAsync(_a)));
        await _a.DisposeAsync();
        await using var c = await _host.OpenPostgresAsync();

        var claimed = await Task.WhenAll(new[] { _b, c, _b, c }.Select(node => Task.Run(async () =>
        {
            var mine = new List<Guid>();
            while (await node.ClaimAsync(20, None) is { Count: > 0 } some)
                mine.AddRange(some.Select(entry => entry.Task.Id));
            return mine;
        })));
        // Whoever found only what others were just taking came away with nothing.
        var rest = await _b.ClaimAsync(300, None);

        Assert.Equal(tasks.Select(task => task.Id).Order(), claimed.SelectMany(ids => ids).Concat(rest.Select(entry => entry.Task.Id)).Order());
    }

    [Fact]
    public async Task Claim_SomeLockedByAnotherTransaction_TakesTheOthersWhileItIsOpen()
    {
        var tasks = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AddAsync(_a)));
        await _a.DisposeAsync();
        using var foreign = _host.Connect();
        using var transaction = foreign.BeginTransaction();
        var locked = foreign.Query<byte[]>("SELECT id FROM tasks ORDER BY id LIMIT 10 FOR UPDATE", transaction: transaction)
            .Select(id => new Guid(id, bigEndian: true)).ToList();

        var others = await _b.ClaimAsync(100, None);

        Assert.Equal(tasks.Select(task => task.Id).Except(locked).Order(), Ids(others));
        Assert.Empty(await _b.ClaimAsync(100, None));
        transaction.Rollback();
        Assert.Equal(locked.Order(), Ids(await _b.ClaimAsync(100, None)));
    }

    public async ValueTask InitializeAsync()
    {
        _a = await _host.OpenPostgresAsync();
        _b = await _host.OpenPostgresAsync();
        _key = (await _a.SaveKeyAsync(Make.Key(), None)).Id;
    }

    public async ValueTask DisposeAsync()
    {
        if (_a is null)
            return;
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    private static IEnumerable<Guid> Ids(IEnumerable<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)> claimed) =>
        claimed.Select(entry => entry.Task.Id).Order();

    private async Task<StoredTask> AddAsync(PostgresStore node)
    {
        var task = Make.Task(_key);
        Assert.Equal(AcceptResult.Accepted, (await node.AcceptAsync(task, None)).Result);
        return task;
    }
}
