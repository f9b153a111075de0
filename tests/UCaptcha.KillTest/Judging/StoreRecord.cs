using System.Data.Common;
using Dapper;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest.Judging;

/// <summary>What the database says, read past the server.</summary>
public sealed class StoreRecord
{
    /// <summary>State of a task that is ready.</summary>
    public const long Ready = 3;

    /// <summary>State of a task that has failed.</summary>
    public const long Failed = 4;

    private StoreRecord(DbConnection connection)
    {
        Tasks = [.. connection.Query<TaskRow>(
            """
            SELECT id AS "Id", key_id AS "KeyId", request AS "Request", request_id AS "RequestId", state AS "State", sequence AS "Sequence",
                solution AS "Solution", cost_micros AS "CostMicros", error_code AS "ErrorCode", attempts AS "Attempts",
                callback_url AS "CallbackUrl", created_at AS "CreatedAt", finished_at AS "FinishedAt"
            FROM tasks
            """)];
        Attempts = connection.Query<AttemptRow>(
            """
            SELECT task_id AS "TaskId", number AS "Number", account AS "Account", state AS "State", upstream_id AS "UpstreamId",
                error_code AS "ErrorCode", error_class AS "ErrorClass", cost_micros AS "CostMicros",
                started_at AS "StartedAt", submitted_at AS "SubmittedAt", finished_at AS "FinishedAt"
            FROM attempts ORDER BY task_id, number
            """).ToLookup(attempt => attempt.Task);
        Ledger = [.. connection.Query<LedgerRow>(
            """
            SELECT key_id AS "KeyId", customer_id AS "CustomerId", task_id AS "TaskId", kind AS "Kind", account AS "Account", amount_micros AS "AmountMicros",
                reference AS "Reference"
            FROM ledger ORDER BY id
            """)];
        Keys = [.. connection.Query<KeyRow>(
            """
            SELECT id AS "Id", customer_id AS "CustomerId", name AS "Name", budget_micros AS "BudgetMicros", spent_micros AS "SpentMicros",
                reserved_micros AS "ReservedMicros"
            FROM api_keys
            """)];
        Customers = [.. connection.Query<CustomerRow>(
            """
            SELECT id AS "Id", name AS "Name", limited AS "Limited", balance_micros AS "BalanceMicros", reserved_micros AS "ReservedMicros" FROM customers
            """)];
        Callbacks = [.. connection.Query<CallbackRow>(
            """SELECT id AS "Id", task_id AS "TaskId", state AS "State", tries AS "Tries", last_outcome AS "LastOutcome" FROM callbacks""")];
        Unproven = [.. connection.Query<ProofRow>(
            """SELECT what AS "What", name AS "Name", kept AS "Kept", proven AS "Proven" FROM ledger_proof WHERE kept <> proven""")];
    }

    /// <summary>Every task.</summary>
    public IReadOnlyList<TaskRow> Tasks { get; }

    /// <summary>Every attempt by its task, in order.</summary>
    public ILookup<Guid, AttemptRow> Attempts { get; }

    /// <summary>The ledger, in order.</summary>
    public IReadOnlyList<LedgerRow> Ledger { get; }

    /// <summary>The keys with what they spent.</summary>
    public IReadOnlyList<KeyRow> Keys { get; }

    /// <summary>The customers with their balances.</summary>
    public IReadOnlyList<CustomerRow> Customers { get; }

    /// <summary>The callbacks that were owed.</summary>
    public IReadOnlyList<CallbackRow> Callbacks { get; }

    /// <summary>The query that operators run: every sum that is not what its rows add up to.</summary>
    public IReadOnlyList<ProofRow> Unproven { get; }

    /// <summary>Reads everything.</summary>
    public static StoreRecord Read(DbConnection connection) => new(connection);

    /// <summary>Reads everything in a SQLite file.</summary>
    public static StoreRecord ReadFile(string path)
    {
        using var connection = SqliteRoom.OpenFile(path);
        return Read(connection);
    }

    /// <summary>How many tasks are not at an end, and how many callbacks are not delivered.</summary>
    public static long Unsettled(DbConnection connection) =>
        connection.QuerySingle<long>("SELECT (SELECT count(*) FROM tasks WHERE state < 3 OR sequence IS NULL) + (SELECT count(*) FROM callbacks WHERE state = 0)");

    /// <summary>The state of a task now, or null when there is none.</summary>
    public static long? StateOf(DbConnection connection, Guid task) =>
        connection.QuerySingleOrDefault<long?>("SELECT CAST(state AS bigint) FROM tasks WHERE id = @id", new { id = task.ToByteArray(bigEndian: true) });
}
