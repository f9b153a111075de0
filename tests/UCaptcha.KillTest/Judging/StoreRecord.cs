using System.Data.Common;
using System.Text.Json;
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
                solution AS "Solution", cost_micros AS "CostMicros", error_code AS "ErrorCode", attempts AS "Attempts"
            FROM tasks
            """)];
        Attempts = connection.Query<AttemptRow>(
            """
            SELECT task_id AS "TaskId", number AS "Number", account AS "Account", state AS "State", upstream_id AS "UpstreamId",
                error_code AS "ErrorCode", error_class AS "ErrorClass", cost_micros AS "CostMicros"
            FROM attempts ORDER BY task_id, number
            """).ToLookup(attempt => attempt.Task);
        Ledger = [.. connection.Query<LedgerRow>(
            """SELECT key_id AS "KeyId", task_id AS "TaskId", kind AS "Kind", amount_micros AS "AmountMicros" FROM ledger ORDER BY id""")];
        Keys = [.. connection.Query<KeyRow>(
            """SELECT id AS "Id", name AS "Name", budget_micros AS "BudgetMicros", spent_micros AS "SpentMicros", reserved_micros AS "ReservedMicros" FROM api_keys""")];
    }

    /// <summary>Every task.</summary>
    public IReadOnlyList<TaskRow> Tasks { get; }

    /// <summary>Every attempt by its task, in order.</summary>
    public ILookup<Guid, AttemptRow> Attempts { get; }

    /// <summary>The ledger, in order.</summary>
    public IReadOnlyList<LedgerRow> Ledger { get; }

    /// <summary>The keys with what they spent.</summary>
    public IReadOnlyList<KeyRow> Keys { get; }

    /// <summary>Reads everything.</summary>
    public static StoreRecord Read(DbConnection connection) => new(connection);

    /// <summary>Reads everything in a SQLite file.</summary>
    public static StoreRecord ReadFile(string path)
    {
        using var connection = SqliteRoom.OpenFile(path);
        return Read(connection);
    }

    /// <summary>How many tasks are not at an end, and the last place in the order of ends.</summary>
    public static (long Unfinished, long LastSequence) Progress(DbConnection connection) => (
        connection.QuerySingle<long>("SELECT count(*) FROM tasks WHERE state < 3"),
        connection.QuerySingle<long>("SELECT coalesce(max(sequence), 0) FROM tasks"));
}

/// <summary>A row of <c>tasks</c>.</summary>
public sealed class TaskRow
{
    public byte[] Id { get; init; } = [];
    public long KeyId { get; init; }
    public byte[] Request { get; init; } = [];
    public string? RequestId { get; init; }
    public long State { get; init; }
    public long? Sequence { get; init; }
    public byte[]? Solution { get; init; }
    public long CostMicros { get; init; }
    public string? ErrorCode { get; init; }
    public long Attempts { get; init; }

    public Guid Task => new(Id, bigEndian: true);

    public string Marker => JsonElement.Parse(Request).GetProperty("websiteKey").GetString()!;

    public string? Token => Solution is null ? null : JsonElement.Parse(Solution).GetProperty("gRecaptchaResponse").GetString();

    public bool Ended => State >= StoreRecord.Ready;
}

/// <summary>A row of <c>attempts</c>.</summary>
public sealed class AttemptRow
{
    public byte[] TaskId { get; init; } = [];
    public long Number { get; init; }
    public string Account { get; init; } = "";
    public long State { get; init; }
    public string? UpstreamId { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorClass { get; init; }
    public long CostMicros { get; init; }

    public Guid Task => new(TaskId, bigEndian: true);

    public bool Open => State < 2;

    public bool Solved => State == 2;

    public bool Lost => State == 4;

    /// <summary>The account did not take the task, and it says so.</summary>
    public bool RefusedCleanly => State == 3 && UpstreamId is null;

    public override string ToString() => $"attempt {Number} on {Account}: state {State}, upstream {UpstreamId ?? "none"}, {ErrorClass} {ErrorCode}";
}

/// <summary>A row of <c>ledger</c>.</summary>
public sealed class LedgerRow
{
    public long? KeyId { get; init; }
    public byte[]? TaskId { get; init; }
    public string Kind { get; init; } = "";
    public long AmountMicros { get; init; }

    public Guid Task => TaskId is null ? Guid.Empty : new Guid(TaskId, bigEndian: true);
}

/// <summary>A row of <c>api_keys</c>.</summary>
public sealed class KeyRow
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
    public long? BudgetMicros { get; init; }
    public long SpentMicros { get; init; }
    public long ReservedMicros { get; init; }
}
