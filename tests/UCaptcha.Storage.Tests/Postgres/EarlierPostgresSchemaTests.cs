using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>A database that an earlier program wrote, with tasks and money in it, is taken over as it is.</summary>
public sealed class EarlierPostgresSchemaTests
{
    private const string FirstData =
        """
        INSERT INTO nodes (id, name, lease_until) VALUES (1, 'old', now() - interval '1 hour');
        SELECT setval(pg_get_serial_sequence('nodes', 'id'), 1);
        INSERT INTO api_keys (id, name, hash, configured, budget_micros, spent_micros, reserved_micros, created_at)
            VALUES (7, 'old', '\x00', 1, 1000, 70, 100, 0);
        INSERT INTO tasks (id, key_id, short_id, family, request, speed_weight, dialect, created_at, deadline_at, reserved_micros, owner)
            VALUES (@open, 7, 1, 'RecaptchaV2', '\x7b7d', 50, 'ucaptcha', 1, 2, 100, 1);
        INSERT INTO tasks (id, key_id, short_id, family, request, speed_weight, dialect, created_at, deadline_at, reserved_micros, owner, state, sequence,
            finished_at, cost_micros) VALUES (@ended, 7, 2, 'RecaptchaV2', '\x7b7d', 50, 'ucaptcha', 1, 2, 100, 1, 3, 1, 2, 70);
        INSERT INTO ledger (at, key_id, task_id, kind, account, amount_micros) VALUES (2, NULL, @ended, 'operator_loss', 'main', 5);
        INSERT INTO ledger (at, key_id, task_id, kind, account, amount_micros) VALUES (2, 7, @ended, 'charge', 'main', 70);
        UPDATE counters SET value = 1 WHERE name = 'task_sequence';
        """;

    public static TheoryData<int> Versions { get; } = [.. Enumerable.Range(1, PostgresMigrator.Latest)];

    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Open_EarlierSchemaWithData_KeepsEveryTaskAndCent(int version)
    {
        await using var host = new PostgresHost();
        var (open, ended) = (Guid.CreateVersion7(Make.Start), Guid.CreateVersion7(Make.Start));
        await host.CreateAsync();
        using (var connection = host.Connect())
        {
            PostgresMigrator.Run(connection, upTo: 1);
            connection.Execute(FirstData, new { open = open.ToByteArray(bigEndian: true), ended = ended.ToByteArray(bigEndian: true) });
            PostgresMigrator.Run(connection, version);
            // As it was in the first databases of version 6.
            if (version == 6)
                connection.Execute("DROP INDEX ledger_by_hand");
        }

        await using var store = await host.OpenPostgresAsync();

        var key = Assert.Single(await store.ListKeysAsync(None));
        Assert.Equal(("old", StoredCustomer.DefaultId, new Usd(1000)), (key.Name, key.CustomerId, key.Budget));
        Assert.Equal(new KeyUsage(new Usd(70), new Usd(100)), await store.GetUsageAsync(key.Id, None));
        Assert.Equal(
            [(LedgerKind.OperatorLoss, 1L, key.Id, 5L), (LedgerKind.Charge, 1, key.Id, 70)],
            (await store.ListLedgerAsync(new LedgerFilter(), 0, 10, None)).Select(e => (e.Kind, e.CustomerId, e.KeyId!.Value, e.Amount.Micros)));
        await store.EndOverdueAsync(None);
        var task = Assert.Single(await store.ClaimAsync(10, None)).Task;
        Assert.Equal(open, task.Id);
        await store.BeginAttemptAsync(Make.Attempt(open), new Usd(100), None);
        await store.FinishAsync(Make.Ready(task, charge: 100, Make.AttemptEnd(open, state: AttemptState.Solved, cost: 100)), None);
        Assert.Equal(2, (await store.FindAsync(open, None))!.Sequence);
        Assert.Empty((await store.VerifyLedgerAsync(None)).Differences);
        using var now = host.Connect();
        Assert.Equal(PostgresMigrator.Latest, PostgresMigrator.Version(now));
        Assert.NotNull(now.ExecuteScalar<string?>("SELECT to_regclass('ledger_by_hand')::text"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Open_RowsThatEachVersionBrought_AreKeptAndRead(int version)
    {
        var rows = Enumerable.Range(1, version).Select(EarlierRows.Of).ToList();
        await using var host = new PostgresHost();
        await host.CreateAsync();
        using (var connection = host.Connect())
        {
            // Of which new tasks are.
            connection.Execute("SET ucaptcha.node = '1'");
            for (var i = 0; i < version; i++)
            {
                PostgresMigrator.Run(connection, upTo: i + 1);
                rows[i].Write(connection);
            }
        }

        await using var store = await host.OpenPostgresAsync();

        foreach (var brought in rows)
            await brought.AssertKeptAsync(store);
        Assert.Empty((await store.VerifyLedgerAsync(None)).Differences);
    }

    [Fact]
    public async Task Open_CallbackThatANodeOfVersion6WasSending_IsDueWhenThatNodeIsGone()
    {
        await using var host = new PostgresHost();
        await host.CreateAsync();
        using (var connection = host.Connect())
        {
            PostgresMigrator.Run(connection, upTo: 6);
            EarlierRows.Of(2).Write(connection);
            connection.Execute("INSERT INTO nodes (name, lease_until) VALUES ('old', now() - interval '1 hour')");
            connection.Execute("UPDATE callbacks SET claimed = 1, claimed_by = (SELECT id FROM nodes), due_at = 60000");
        }

        await using var store = await host.OpenPostgresAsync();

        Assert.Equal(1, await store.EndOverdueAsync(None));
        var callback = Assert.Single(await store.ListCallbacksAsync(new CallbackFilter(), None));
        Assert.Equal(callback.EndedAt, await store.NextCallbackDueAsync(None));
    }

    [Fact]
    public async Task Open_OnAMachineThatPausesBetweenStatements_IsNotCutOffAsAStalledWriterIs()
    {
        await using var host = new PostgresHost(options => options with { LeaseTime = TimeSpan.FromSeconds(3) });
        await host.CreateAsync();
        host.Execute(
            """
            CREATE TABLE schema_version (version integer NOT NULL);
            CREATE TABLE patience (migration interval NOT NULL);
            CREATE FUNCTION note_patience() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO patience VALUES (current_setting('idle_in_transaction_session_timeout')::interval);
                RETURN NEW;
            END $$;
            CREATE TRIGGER note_patience BEFORE INSERT ON schema_version FOR EACH ROW EXECUTE FUNCTION note_patience();
            """);

        await (await host.OpenPostgresAsync()).DisposeAsync();

        using var connection = host.Connect();
        var patience = connection.Query<TimeSpan>("SELECT migration FROM patience").AsList();
        Assert.Equal(PostgresMigrator.Latest, patience.Count);
        Assert.All(patience, migration => Assert.Equal(TimeSpan.FromMinutes(1), migration));
    }

    [Fact]
    public async Task Open_Schema_IsLockedByEachTransactionAndNotByTheSession()
    {
        await using var host = new PostgresHost();
        await host.CreateAsync();
        // Only a lock of the session can be given back.
        host.Execute(
            """
            CREATE TABLE schema_version (version integer NOT NULL);
            CREATE TABLE locks (held bigint NOT NULL, given_back boolean NOT NULL);
            CREATE FUNCTION note_locks() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO locks SELECT count(*), coalesce(bool_or(pg_advisory_unlock((classid::bigint << 32) | objid::bigint)), false)
                    FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
                RETURN NEW;
            END $$;
            CREATE TRIGGER note_locks BEFORE INSERT ON schema_version FOR EACH ROW EXECUTE FUNCTION note_locks();
            """);

        await (await host.OpenPostgresAsync()).DisposeAsync();

        using var connection = host.Connect();
        Assert.Equal(
            Enumerable.Repeat((1L, false), PostgresMigrator.Latest), connection.Query<(long, bool)>("SELECT held, given_back FROM locks"));
    }

    [Fact]
    public async Task Open_SchemaOfALaterProgram_IsRefusedAndUntouched()
    {
        await using var host = new PostgresHost();
        await (await host.OpenPostgresAsync()).DisposeAsync();
        host.Execute("UPDATE schema_version SET version = 99");

        var refused = await Assert.ThrowsAsync<SchemaTooNewException>(() => host.OpenPostgresAsync().AsTask());

        Assert.Equal((99, PostgresMigrator.Latest), (refused.Found, refused.Known));
        using var connection = host.Connect();
        Assert.Equal((99, 0), (PostgresMigrator.Version(connection), connection.ExecuteScalar<int>("SELECT count(*)::int FROM nodes")));
    }
}
