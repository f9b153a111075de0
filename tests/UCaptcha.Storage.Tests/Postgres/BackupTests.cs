using Npgsql;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>What pg_dump copied from a database at work is put back by pg_restore, and served on.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new(ownDatabase: true);
    private readonly PostgresHost _copy = new();
    private PostgresStore _store = null!;
    private StoredKey _key = null!;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Restore_DumpedWhileItsNodeWorked_EveryCentIsThereAndTheUnfinishedTaskGoesOn()
    {
        var ended = await SubmitAsync(reserve: 100);
        await _store.FinishAsync(Make.Ready(ended, charge: 70, Solved(ended, cost: 90)), None);
        var open = await SubmitAsync(reserve: 50);
        await _store.RenewAsync(None);
        var dump = await _host.DumpAsync();
        await _store.FinishAsync(Make.Failed(open), None);
        await _copy.RestoreAsync(dump);

        await using var restored = await _copy.OpenPostgresAsync();

        await AssertEveryCentAddsUpAsync(restored);
        var customer = (await restored.FindCustomerAsync(_key.CustomerId, None))!;
        Assert.Equal((new Usd(930), new Usd(50)), (customer.Balance, customer.Reserved));
        Assert.Equal(new Usd(70), (await restored.FindAsync(ended.Id, None))!.Cost);
        // To the copy, the node that it was made of died.
        _copy.Execute("UPDATE nodes SET lease_until = now() - interval '1 second' WHERE id = (SELECT min(id) FROM nodes)");
        Assert.Equal(1, await restored.EndOverdueAsync(None));
        var (task, attempts) = Assert.Single(await restored.ClaimAsync(100, None));
        Assert.Equal((open.Id, "up-1"), (task.Id, Assert.Single(attempts).UpstreamId));
        Assert.Equal(2, await restored.FinishAsync(Make.Ready(open, charge: 40, Solved(open, cost: 40)), None));
        await AssertEveryCentAddsUpAsync(restored);
    }

    [Fact]
    public async Task Restore_Numbers_GoOnBehindThoseThatAreTaken()
    {
        var entries = await _store.ListLedgerAsync(new LedgerFilter(), 0, 10, None);
        var node = Assert.Single(await _store.ListNodesAsync(None)).Number;
        await _copy.RestoreAsync(await _host.DumpAsync());

        await using var restored = await _copy.OpenPostgresAsync();

        Assert.Equal(node + 1, (await restored.ListNodesAsync(None)).Single(other => other.IsThis).Number);
        var customer = await restored.CreateCustomerAsync(new NewCustomer("other", Limited: true), Make.By, None);
        Assert.Equal(_key.CustomerId + 1, customer!.Id);
        Assert.Equal(_key.Id + 1, (await restored.SaveKeyAsync(Make.Key("other"), None)).Id);
        await restored.BookAsync(new NewBooking(customer.Id, LedgerKind.Deposit, new Usd(5), Reference: null, ""), Make.By, None);
        Assert.Equal(entries[^1].Id + 1, (await restored.ListLedgerAsync(new LedgerFilter(), 0, 10, None))[^1].Id);
    }

    [Fact]
    public async Task Restore_ChangedBehindTheStore_IsRefusedAsBefore()
    {
        await _copy.RestoreAsync(await _host.DumpAsync());

        string[] changes = ["UPDATE ledger SET amount_micros = 1", "DELETE FROM ledger", "UPDATE audit SET actor = 'x'", "DELETE FROM audit"];
        foreach (var sql in changes)
            Assert.EndsWith("is append-only", Assert.Throws<PostgresException>(() => _copy.Execute(sql)).MessageText);
    }

    public async ValueTask InitializeAsync()
    {
        _store = await _host.OpenPostgresAsync();
        var customer = (await _store.CreateCustomerAsync(new NewCustomer("acme", Limited: true), Make.By, None))!;
        await _store.BookAsync(new NewBooking(customer.Id, LedgerKind.Deposit, new Usd(1000), Reference: null, ""), Make.By, None);
        _key = (await _store.CreateKeyAsync(Make.Key(budget: 500) with { CustomerId = customer.Id, Configured = false }, Make.By, None)).Key!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }

    private static AttemptEnd Solved(StoredTask task, long cost) => Make.AttemptEnd(task.Id, state: AttemptState.Solved, cost: cost);

    private static async Task AssertEveryCentAddsUpAsync(PostgresStore store)
    {
        var verdict = await store.VerifyLedgerAsync(None);
        Assert.Empty(verdict.Differences);
        Assert.Equal(4, verdict.Checked);
    }

    private async Task<StoredTask> SubmitAsync(long reserve)
    {
        var task = Make.Task(_key.Id, reserve);
        Assert.Equal(AcceptResult.Accepted, (await _store.AcceptAsync(task, None)).Result);
        await _store.BeginAttemptAsync(Make.Attempt(task.Id), Usd.Zero, None);
        await _store.RecordSubmissionAsync(task.Id, 1, "up-1", Make.Start.AddSeconds(2), None);
        return task;
    }
}
