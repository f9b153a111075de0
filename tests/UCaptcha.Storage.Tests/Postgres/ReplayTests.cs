using UCaptcha.Core.Storage;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>One node replays a callback that another one is about to forget.</summary>
public sealed class ReplayTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Purge_OfACallbackThatIsBeingReplayed_LeavesIt()
    {
        await using var host = new PostgresHost(ownDatabase: true);
        await using var store = await host.OpenPostgresAsync();
        var id = await DeliverAsync(store);
        await using var replay = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await replay.OpenAsync();
        await using var transaction = await replay.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("UPDATE callbacks SET state = 0, settled_at = NULL", replay))
            Assert.Equal(1, await command.ExecuteNonQueryAsync());

        var purge = store.PurgeCallbacksAsync(Make.Start.AddDays(1), 10, None).AsTask();
        await using var look = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await look.OpenAsync();
        await Eventually.TrueAsync(async () =>
        {
            await using var waiting = new Npgsql.NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%DELETE FROM callbacks%')", look);
            return (bool)(await waiting.ExecuteScalarAsync())!;
        });
        await transaction.CommitAsync();

        Assert.Equal(0, await purge);
        Assert.Equal(CallbackState.Pending, (await store.FindCallbackAsync(id, None))!.State);
    }

    private static async Task<Guid> DeliverAsync(PostgresStore store)
    {
        var key = await store.SaveKeyAsync(Make.Key(), None);
        var task = Make.Task(key.Id) with { CallbackUrl = "https://hook.example/" };
        await store.AcceptAsync(task, None);
        var callback = NewCallback.To(task.CallbackUrl, Make.Start);
        await store.FinishAsync(Make.Failed(task) with { Callback = callback }, None);
        var claimed = Assert.Single(await store.ClaimCallbacksAsync(new CallbackClaim(Make.Start.AddMinutes(1), Make.Start.AddMinutes(2), 10, 10, [], []), None));
        await store.RecordCallbackAsync(
            new CallbackRecord(claimed.Id, new CallbackTry(1, Make.Start.AddMinutes(1), TimeSpan.Zero, "200"), CallbackState.Delivered, Make.Start.AddMinutes(1), 0), None);
        return claimed.Id;
    }
}
