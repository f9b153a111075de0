using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Judging;
using UCaptcha.TestKit;

namespace UCaptcha.Proof.Tests;

/// <summary>Honest evidence made false in one point, as if the server had broken one promise. The oracle must say which.</summary>
/// <param name="Name">The promise that is broken.</param>
/// <param name="Names">Stands in the sentence that names it.</param>
internal sealed record Forgery(string Name, string Names)
{
    private const string SomeReady = "(SELECT id FROM tasks WHERE state = 3 AND cost_micros > 0 AND request_id IS NOT NULL ORDER BY id LIMIT 1 OFFSET 20)";
    private const string SomeFailed = "(SELECT task_id FROM attempts WHERE state = 3 AND upstream_id IS NOT NULL ORDER BY task_id LIMIT 1)";

    /// <summary>What is done to a copy of the database; its constraints are off.</summary>
    public string Sql { get; init; } = "";

    /// <summary>What is done to what the services and the clients recorded.</summary>
    public Func<Evidence, Evidence> Change { get; init; } = evidence => evidence;

    public static IReadOnlyList<Forgery> All { get; } =
    [
        new("an acknowledged task is lost", "was acknowledged and is not stored")
        {
            Sql = $"DELETE FROM tasks WHERE id = {SomeReady}",
        },
        new("a task never ends", "is not at an end") { Sql = $"UPDATE tasks SET state = 2, sequence = NULL, finished_at = NULL WHERE id = {SomeReady}" },
        new("a task ends a second time, otherwise", "saw Seen { Status = ready") { Sql = $"UPDATE tasks SET state = 4, error_code = 'X' WHERE id = {SomeReady}" },
        new("a task ends with an attempt open", "ended with attempt") { Sql = $"UPDATE attempts SET state = 1 WHERE task_id = {SomeReady} AND number = 1" },
        new("a task is solved twice", "has 2 solved attempts")
        {
            Sql = $"INSERT INTO attempts SELECT task_id, number + 1, 'omega', kind, state, decision, started_at, submitted_at, finished_at, upstream_id, NULL, NULL, 0 FROM attempts WHERE state = 2 AND task_id = {SomeReady}",
        },
        new("an attempt is not counted", "attempts and has") { Sql = $"UPDATE tasks SET attempts = attempts + 1 WHERE id = {SomeReady}" },
        new("a submission is one task too many", "is 2 tasks") { Sql = $"UPDATE tasks SET request = (SELECT request FROM tasks WHERE state = 3 ORDER BY id LIMIT 1) WHERE id = {SomeReady}" },
        new("a request id is two tasks", "request id")
        {
            Sql = "UPDATE tasks SET request_id = 'same', key_id = 1 WHERE id IN (SELECT id FROM tasks WHERE request_id IS NOT NULL LIMIT 2)",
        },
        new("a submission is repeated", "was submitted 2 times")
        {
            Change = evidence => evidence with { Upstream = [.. evidence.Upstream, evidence.Upstream[0] with { Id = "again" }] },
        },
        new("a submission has no intent", "without an intent")
        {
            Change = evidence => evidence with { Upstream = [.. evidence.Upstream, evidence.Upstream[0] with { Account = "omega", Id = "new" }] },
        },
        new("a submission is no task's", "is no task in the store")
        {
            Change = evidence => evidence with { Upstream = [.. evidence.Upstream, evidence.Upstream[0] with { Marker = "stranger" }] },
        },
        new("an account is tried again after it took the task", "was tried more than once on")
        {
            Sql = $"INSERT INTO attempts SELECT task_id, number + 10, account, kind, 4, decision, started_at, NULL, finished_at, NULL, NULL, NULL, 0 FROM attempts WHERE state = 2 AND task_id = {SomeReady}",
        },
        new("an upstream id is made up", "has an upstream id that") { Sql = $"UPDATE attempts SET upstream_id = '1' WHERE state = 2 AND task_id = {SomeReady}" },
        new("a solution is another task's", "has the solution") { Sql = $"UPDATE tasks SET solution = (SELECT solution FROM tasks WHERE state = 3 ORDER BY id LIMIT 1) WHERE id = {SomeReady}" },
        new("a solve is nobody's", "never solved it")
        {
            Change = evidence => evidence with { Upstream = [.. evidence.Upstream.Select(task => task with { Solved = false })] },
        },
        new("a solve is charged twice", "was charged 2 times")
        {
            Sql = $"INSERT INTO ledger (at, customer_id, key_id, task_id, kind, account, amount_micros) SELECT at, customer_id, key_id, task_id, kind, account, amount_micros FROM ledger WHERE kind = 'charge' AND task_id = {SomeReady}",
        },
        new("a failure is charged", "of state 4 costs")
        {
            Sql = $"UPDATE tasks SET state = 4 WHERE id = {SomeReady}",
        },
        new("a solve is not charged", "and was charged 0") { Sql = $"DELETE FROM ledger WHERE kind = 'charge' AND task_id = {SomeReady}" },
        new("the operator's loss is hidden", "are booked as the operator's loss") { Sql = $"UPDATE attempts SET cost_micros = 5 WHERE task_id = {SomeFailed}" },
        new("a charge is on another key", "is booked on another key") { Sql = $"UPDATE ledger SET key_id = key_id + 1 WHERE task_id = {SomeReady}" },
        new("a key's sum is off", "and its ledger says") { Sql = "UPDATE api_keys SET spent_micros = spent_micros + 1 WHERE name = 'open'" },
        new("the operators' proof fails", "ledger_proof: key.spent of open") { Sql = "UPDATE api_keys SET spent_micros = spent_micros + 1 WHERE name = 'open'" },
        new("a reserve is never freed", "set aside") { Sql = "UPDATE api_keys SET reserved_micros = 700 WHERE name = 'tight'" },
        new("a budget is overspent", "key tight has spent") { Sql = "UPDATE api_keys SET budget_micros = spent_micros - 1 WHERE name = 'tight'" },
        new("a balance is off", "customer acme has") { Sql = "UPDATE customers SET balance_micros = balance_micros - 1 WHERE name = 'acme'" },
        new("a customer's reserve is never freed", "customer acme still has") { Sql = "UPDATE customers SET reserved_micros = 1 WHERE name = 'acme'" },
        new("a deposit is lost", "was acknowledged and is booked 0 times") { Sql = "DELETE FROM ledger WHERE reference = 'first'" },
        new("a deposit is booked twice", "was acknowledged and is booked 2 times")
        {
            Sql = "INSERT INTO ledger (at, customer_id, kind, amount_micros, reference) SELECT at, customer_id, kind, amount_micros, reference FROM ledger WHERE reference = 'first'",
        },
        new("a deposit is nobody's", "nobody paid it") { Sql = "INSERT INTO ledger (at, customer_id, kind, amount_micros, reference) VALUES (1, 2, 'deposit', 1, 'gift')" },
        new("a bad report is not refunded", "was called bad, cost") { Sql = "DELETE FROM ledger WHERE kind = 'refund'" },
        new("a refund has no report", "and nobody called it bad")
        {
            Change = evidence => evidence with { BadReports = new Dictionary<string, bool>() },
        },
        new("a callback never comes", "never reached its receiver")
        {
            Change = evidence => evidence with { Deliveries = [] },
        },
        new("a callback is not owed", "owes no callback") { Sql = "DELETE FROM callbacks WHERE id = (SELECT id FROM callbacks LIMIT 1)" },
        new("a callback is not delivered", "is in state 2") { Sql = "UPDATE callbacks SET state = 2 WHERE id = (SELECT id FROM callbacks LIMIT 1)" },
        new("a callback comes under two ids", " and other")
        {
            Change = evidence => Deliver(evidence, delivery => delivery with { Id = "other" }),
        },
        new("a callback comes before the end", "while the task was in state 2")
        {
            Change = evidence => Deliver(evidence, delivery => delivery with { StoredState = 2 }),
        },
        new("a callback tells another end", "was told by callback as")
        {
            Change = evidence => Deliver(evidence, delivery => delivery with { Told = new Seen("ready", "another token") }),
        },
        new("a callback goes to another URL", "went to the URL of")
        {
            Change = evidence => Deliver(evidence, delivery => delivery with { Marker = "elsewhere" }),
        },
        new("a client sees another end", "Watcher saw")
        {
            Change = evidence => evidence with
            {
                Tasks = evidence.Tasks.ToDictionary(task => task.Key, task => task.Value with { Ends = [("Watcher", new Seen("failed", "X"))] }),
            },
        },
        new("a stream misses an end", "never told of") { Change = evidence => Feed(evidence, entries => entries.Skip(1)) },
        new("a stream tells twice", "told 2 times of") { Change = evidence => Feed(evidence, entries => entries.Append(entries.First())) },
        new("a stream is out of order", "in another order") { Change = evidence => Feed(evidence, entries => entries.Reverse()) },
    ];

    public static TheoryData<string> BrokenPromises { get; } = [.. All.Select(forgery => forgery.Name)];

    /// <summary>The same evidence with the forged point.</summary>
    public Evidence Doctor(string database, Evidence evidence)
    {
        if (Sql.Length == 0)
            return Change(evidence);
        using var folder = new TemporaryFolder();
        var copy = Path.Combine(folder.Path, "forged.db");
        using (var honest = new SqliteConnection($"Data Source={database};Pooling=False"))
        using (var forged = new SqliteConnection($"Data Source={copy};Pooling=False"))
        {
            honest.Open();
            forged.Open();
            honest.BackupDatabase(forged);
            forged.Execute(
                """
                PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
                DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete; DROP INDEX ledger_once; DROP INDEX ledger_reference;
                """);
            Assert.NotEqual(0, forged.Execute(Sql));
        }

        return Change(evidence with { Store = StoreRecord.ReadFile(copy) });
    }

    /// <summary>One more callback, like the first but for something.</summary>
    private static Evidence Deliver(Evidence evidence, Func<Delivery, Delivery> change) =>
        evidence with { Deliveries = [.. evidence.Deliveries, change(evidence.Deliveries[0])] };

    private static Evidence Feed(Evidence evidence, Func<IEnumerable<(long Cursor, string TaskId, Seen State)>, IEnumerable<(long Cursor, string TaskId, Seen State)>> change) =>
        evidence with { Feeds = [evidence.Feeds[0] with { Entries = [.. change(evidence.Feeds[0].Entries)] }] };
}
