using System.Data;
using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Tests.Support;

/// <summary>What a version of the schema brought, in rows as the program of that version wrote them.</summary>
/// <param name="Sql">Writes them.</param>
/// <param name="AssertKeptAsync">Reads them with today's program.</param>
internal sealed record EarlierRows(string Sql, Func<SqlStore, Task> AssertKeptAsync)
{
    private const long FirstKey = 11;
    private const long CustomersKey = 12;

    private static readonly Guid Task = Guid.CreateVersion7(Make.Start);
    private static readonly Guid Forgotten = Guid.CreateVersion7(Make.Start);
    private static readonly Guid Unfinished = Guid.CreateVersion7(Make.Start);
    private static readonly Guid Callback = Guid.CreateVersion7(Make.Start);
    private static readonly byte[] Fingerprint = Make.Hash("f");

    /// <summary>One for each version, from 1.</summary>
    private static readonly EarlierRows[] All =
    [
        new(
            $"""
            INSERT INTO api_keys (id, name, hash, configured, budget_micros, created_at) VALUES ({FirstKey}, 'first', @first, 1, 1000, 1);
            INSERT INTO request_ids (key_id, request_id, fingerprint, task_id, used_at) VALUES ({FirstKey}, 'r', @fingerprint, @task, 1);
            INSERT INTO statistics (account, family, successes, failures, samples, updated_at) VALUES ('main', 'RecaptchaV2', 3, 1, 4, 1);
            """,
            async store =>
            {
                Assert.Equal(("first", new Usd(1000)), await store.FindKeyAsync(FirstKey, default) is { } key ? (key.Name, key.Budget) : default);
                Assert.Equal(new AcceptOutcome(AcceptResult.Repeated, Task), await store.FindRequestAsync(FirstKey, "r", Fingerprint, default));
                Assert.Equal(4, Assert.Single(await store.ListStatisticsAsync(default)).Samples);
            }),
        new(
            $"""
            INSERT INTO callbacks (id, task_id, short_id, key_id, url, receiver, dialect, task_state, ended_at, due_at, tries, step, last_outcome)
                VALUES (@callback, @task, 1, {FirstKey}, 'https://hook.example/', 'hook.example:443', 'ucaptcha', 3, 2, 3, 1, 1, 'status 500');
            INSERT INTO callback_tries (callback_id, number, at, took_ms, outcome) VALUES (@callback, 1, 2, 250, 'status 500');
            """,
            async store =>
            {
                var callback = Assert.Single(await store.ListCallbacksAsync(new CallbackFilter(State: CallbackState.Pending), default));
                Assert.Equal(
                    (Callback, Task, FirstKey, "https://hook.example/", At(2), At(3), 1),
                    (callback.Id, callback.TaskId, callback.KeyId, callback.Url, callback.EndedAt, callback.DueAt, callback.Step));
                Assert.Equal(
                    new CallbackTry(1, At(2), TimeSpan.FromMilliseconds(250), "status 500"), Assert.Single(await store.ListCallbackTriesAsync(Callback, default)));
            }),
        new(
            $$"""
            INSERT INTO customers (name, limited, balance_micros, created_at) VALUES ('acme', 1, 230, 3);
            INSERT INTO api_keys (id, name, hash, configured, spent_micros, created_at, customer_id, prefix, settings, previous_hash, previous_until)
                SELECT {{CustomersKey}}, 'acme', @second, 0, 70, 3, id, 'uc_1', '{"speedWeight":80}', @third, 4 FROM customers WHERE name = 'acme';
            INSERT INTO ledger (at, customer_id, kind, amount_micros, reference, note)
                SELECT 3, id, 'deposit', 300, 'invoice', 'paid' FROM customers WHERE name = 'acme';
            INSERT INTO ledger (at, customer_id, key_id, task_id, kind, account, amount_micros)
                SELECT 3, id, {{CustomersKey}}, @forgotten, 'charge', 'main', 70 FROM customers WHERE name = 'acme';
            INSERT INTO request_ids (key_id, request_id, fingerprint, task_id, used_at, state, short_id, attempts, created_at, finished_at, cost_micros)
                VALUES ({{CustomersKey}}, 'r', @fingerprint, @forgotten, 3, 3, 5, 1, 3, 4, 70);
            INSERT INTO audit (at, actor, action, subject, after) VALUES (3, 'ann', 'key.create', 'key/{{CustomersKey}}', '{}');
            """,
            async store =>
            {
                var key = (await store.FindKeyAsync(CustomersKey, default))!;
                Assert.Equal(("uc_1", 80, At(4)), (key.Prefix, key.Settings.SpeedWeight, key.PreviousUntil));
                Assert.Equal(Make.Hash("third"), key.PreviousHash.ToArray());
                var acme = (await store.FindCustomerAsync(key.CustomerId, default))!;
                Assert.Equal(("acme", true, new Usd(230), At(3)), (acme.Name, acme.Limited, acme.Balance, acme.CreatedAt));
                var entries = await store.ListLedgerAsync(new LedgerFilter { CustomerId = acme.Id }, 0, 10, default);
                Assert.Equal(
                    [(LedgerKind.Deposit, 300L, "invoice", "paid"), (LedgerKind.Charge, 70, null, null)],
                    entries.Select(entry => (entry.Kind, entry.Amount.Micros, entry.Reference, entry.Note)));
                Assert.Equal(
                    new ForgottenTask(5, TaskState.Ready, 1, At(3), At(4), new Usd(70), null, null),
                    (await store.FindRequestAsync(CustomersKey, "r", Fingerprint, default))!.Value.Forgotten);
                Assert.Equal(At(3), Assert.Single(await AuditAsync(store, "key.create")).At);
            }),
        new(
            """
            INSERT INTO accounts (slug, settings, secret, secret_key, revision, created_at, updated_at)
                VALUES ('spare', '{"kind":"a"}', @third, 'abcd', 2, 4, 5);
            INSERT INTO resting_accounts (slug, since) VALUES ('spare', 5);
            INSERT INTO admin_key (id, hash, created_at) VALUES (1, @second, 4);
            UPDATE counters SET value = 7 WHERE name = 'accounts_version';
            """,
            async store =>
            {
                var account = Assert.Single(await store.ListAccountsAsync(default));
                Assert.Equal(Make.Hash("third"), account.Secret.ToArray());
                Assert.Equal(new StoredAccount("spare", """{"kind":"a"}""", default, "abcd", 2, At(4), At(5)), account with { Secret = default });
                Assert.Equal(["spare"], await store.ListRestingAccountsAsync(default));
                Assert.Equal(Make.Hash("second"), await store.FindAdminKeyAsync(default));
                Assert.Equal(7, await store.AccountsVersionAsync(default));
            }),
        new(
            $$"""UPDATE api_keys SET webhook_secrets = '[{"Key":"abcd","Secret":"BwgJ","Until":6}]' WHERE id = {{CustomersKey}}""",
            async store =>
            {
                var secret = Assert.Single((await store.FindKeyAsync(CustomersKey, default))!.WebhookSecrets);
                Assert.Equal(("abcd", At(6)), (secret.SecretKey, secret.Until));
                Assert.Equal([7, 8, 9], secret.Secret.ToArray());
            }),
        new(
            """
            INSERT INTO ledger (at, customer_id, kind, amount_micros, reference) VALUES (6, 1, 'deposit', 50, 'first');
            INSERT INTO ledger (at, customer_id, kind, amount_micros) VALUES (6, 1, 'adjustment', -20);
            """,
            async store => Assert.Equal(new Usd(30), (await store.FindCustomerAsync(StoredCustomer.DefaultId, default))!.Balance)),
        new(
            "INSERT INTO audit (at, actor, action, subject, address) VALUES (7, 'ann', 'account.enable', 'account/spare', '192.0.2.7')",
            async store => Assert.Equal("192.0.2.7", Assert.Single(await AuditAsync(store, "account.enable")).Address)),
        new(
            $"""
            INSERT INTO tasks (id, key_id, short_id, family, request, speed_weight, dialect, created_at, deadline_at, reserved_micros)
                VALUES (@unfinished, {FirstKey}, 8, 'RecaptchaV2', @fingerprint, 50, 'ucaptcha', 8, 9, 40);
            UPDATE api_keys SET reserved_micros = 40 WHERE id = {FirstKey};
            """,
            async store =>
            {
                Assert.Equal(new KeyUsage(Usd.Zero, new Usd(40)), await store.GetUsageAsync(FirstKey, default));
                Assert.Empty((await store.VerifyLedgerAsync(default)).Differences);
            }),
    ];

    /// <summary>Those of a version. A new one needs some.</summary>
    public static EarlierRows Of(int version) => version <= All.Length
        ? All[version - 1]
        : throw new InvalidOperationException($"Version {version} of the schema has no rows that a migration must keep.");

    public void Write(IDbConnection connection) => connection.Execute(Sql, new
    {
        first = Make.Hash("first"),
        second = Make.Hash("second"),
        third = Make.Hash("third"),
        fingerprint = Fingerprint,
        task = Task.ToDb(),
        forgotten = Forgotten.ToDb(),
        callback = Callback.ToDb(),
        unfinished = Unfinished.ToDb(),
    });

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static ValueTask<IReadOnlyList<AuditEntry>> AuditAsync(SqlStore store, string action) =>
        store.ListAuditAsync(new AuditFilter { Action = action }, long.MaxValue, 10, default);
}
