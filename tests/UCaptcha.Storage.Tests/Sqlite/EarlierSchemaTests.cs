using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

/// <summary>A database that an earlier program wrote, with tasks and money in it, is taken over as it is.</summary>
public sealed class EarlierSchemaTests : IAsyncLifetime
{
    private readonly SqliteHost _host = new();

    public static TheoryData<int> Versions { get; } = [.. Enumerable.Range(1, Migrator.Latest)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Open_EarlierSchemaWithData_KeepsEveryTaskAndCent(int version)
    {
        var (open, ended) = (Guid.CreateVersion7(Make.Start), Guid.CreateVersion7(Make.Start));
        using (var connection = _host.Connect())
        {
            Migrator.Run(connection, upTo: 1);
            WriteFirstData(connection, open, ended);
            Migrator.Run(connection, version);
        }

        await using var store = await _host.OpenSqliteAsync();

        var key = Assert.Single(await store.ListKeysAsync(default));
        Assert.Equal(("old", StoredCustomer.DefaultId, new Usd(1000)), (key.Name, key.CustomerId, key.Budget));
        Assert.Equal(new KeyUsage(new Usd(70), new Usd(100)), await store.GetUsageAsync(key.Id, default));
        Assert.Equal(
            [(LedgerKind.OperatorLoss, 1L, key.Id, 5L), (LedgerKind.Charge, 1, key.Id, 70)],
            (await store.ListLedgerAsync(new LedgerFilter(), 0, 10, default)).Select(e => (e.Kind, e.CustomerId, e.KeyId!.Value, e.Amount.Micros)));
        Assert.Empty((await store.VerifyLedgerAsync(default)).Differences);
        var task = await store.FindAsync(open, default);
        await store.BeginAttemptAsync(Make.Attempt(open), new Usd(100), default);
        await store.FinishAsync(Make.Ready(task!, charge: 100, Make.AttemptEnd(open, state: Core.Tasks.AttemptState.Solved, cost: 100)), default);
        Assert.Equal(3, (await store.ListLedgerAsync(new LedgerFilter(), 0, 10, default)).Max(e => e.Id));
        Assert.Empty((await store.VerifyLedgerAsync(default)).Differences);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Open_RowsThatEachVersionBrought_AreKeptAndRead(int version)
    {
        var rows = Enumerable.Range(1, version).Select(EarlierRows.Of).ToList();
        using (var connection = _host.Connect())
        {
            for (var i = 0; i < version; i++)
            {
                Migrator.Run(connection, upTo: i + 1);
                rows[i].Write(connection);
            }
        }

        await using var store = await _host.OpenSqliteAsync();

        foreach (var brought in rows)
            await brought.AssertKeptAsync(store);
        Assert.Empty((await store.VerifyLedgerAsync(default)).Differences);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void WriteFirstData(SqliteConnection connection, Guid open, Guid ended) =>
        connection.Execute(
            """
            INSERT INTO api_keys (id, name, hash, configured, budget_micros, spent_micros, reserved_micros, created_at)
                VALUES (7, 'old', x'00', 1, 1000, 70, 100, 0);
            INSERT INTO tasks (id, key_id, short_id, family, request, speed_weight, dialect, created_at, deadline_at, reserved_micros)
                VALUES (@open, 7, 1, 'RecaptchaV2', x'7b7d', 50, 'ucaptcha', 1, 2, 100);
            INSERT INTO tasks (id, key_id, short_id, family, request, speed_weight, dialect, created_at, deadline_at, reserved_micros, state, sequence,
                finished_at, cost_micros) VALUES (@ended, 7, 2, 'RecaptchaV2', x'7b7d', 50, 'ucaptcha', 1, 2, 100, 3, 1, 2, 70);
            INSERT INTO ledger (at, key_id, task_id, kind, account, amount_micros) VALUES (2, NULL, @ended, 'operator_loss', 'main', 5);
            INSERT INTO ledger (at, key_id, task_id, kind, account, amount_micros) VALUES (2, 7, @ended, 'charge', 'main', 70);
            UPDATE counters SET value = 1;
            """,
            new { open = open.ToByteArray(bigEndian: true), ended = ended.ToByteArray(bigEndian: true) });
}
