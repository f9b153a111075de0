namespace UCaptcha.Storage.Sql;

/// <summary>Statements on tasks. Parameters are bound in the order of their first appearance.</summary>
internal static class TaskSql
{
    private const string Columns =
        """
        id, key_id, short_id, family, request, speed_weight, provider, callback_url, dialect, request_id, fingerprint,
        created_at, deadline_at, reserved_micros, state, attempts, sequence, finished_at, solution, cost_micros, error_code, error_description
        """;

    public const string Insert =
        """
        INSERT INTO tasks (id, key_id, short_id, family, request, speed_weight, provider, callback_url, dialect, request_id, fingerprint,
            created_at, deadline_at, reserved_micros)
        VALUES (@id, @key_id, @short_id, @family, @request, @speed_weight, @provider, @callback_url, @dialect, @request_id, @fingerprint,
            @created_at, @deadline_at, @reserved_micros)
        ON CONFLICT (key_id, short_id) DO NOTHING
        """;

    /// <summary>A fence, for a transaction that is told its node: only the tasks of that node are changed.</summary>
    public const string OwnedByNode = " AND owner = current_setting('ucaptcha.node')::bigint";

    public const string FindReserve = "SELECT key_id, reserved_micros FROM tasks WHERE id = @id AND state < 3";

    public const string RaiseReserve = "UPDATE tasks SET reserved_micros = @reserved WHERE id = @id";

    /// <summary>What a solved task was charged and by which attempt it was solved.</summary>
    public const string FindCharge =
        """
        SELECT key_id, cost_micros, (SELECT a.number FROM attempts a WHERE a.task_id = tasks.id AND a.state = 2)
        FROM tasks WHERE id = @id AND state = 3 AND cost_micros > 0
        """;

    /// <summary>Changes no row when less is reserved than the attempt is expected to cost.</summary>
    public static string Begin(string fence) =>
        $"UPDATE tasks SET state = 1, attempts = attempts + 1 WHERE id = @id AND state < 3 AND reserved_micros >= @price{fence}";

    public static string SetState(string fence) => $"UPDATE tasks SET state = @state WHERE id = @id AND state < 3{fence}";

    public static string Finish(string fence) =>
        $"""
        UPDATE tasks SET state = @state, sequence = @sequence, finished_at = @finished_at, solution = @solution, cost_micros = @cost_micros,
            error_code = @error_code, error_description = @error_description
        WHERE id = @id AND state < 3{fence}
        """;

    public const string ById = $"SELECT {Columns} FROM tasks WHERE id = @id";

    public const string ByShortId = $"SELECT {Columns} FROM tasks WHERE key_id = @key_id AND short_id = @short_id";

    public const string Unfinished =
        $"SELECT {Columns} FROM tasks WHERE state < 3 AND finished_at IS NULL AND (created_at, id) > (@created_at, @id) ORDER BY created_at, id LIMIT @limit";

    /// <summary>Without the requests, which may be large: nobody is told of them again.</summary>
    public const string Finished =
        """
        SELECT id, key_id, short_id, family, substr(request, 1, 0), speed_weight, provider, callback_url, dialect, request_id, fingerprint,
            created_at, deadline_at, reserved_micros, state, attempts, sequence, finished_at, solution, cost_micros, error_code, error_description
        FROM tasks
        WHERE key_id = @key_id AND sequence > @sequence AND sequence IS NOT NULL ORDER BY sequence LIMIT @limit
        """;

    public const string LastSequence = "SELECT value FROM counters WHERE name = 'task_sequence'";

    public const string SetLastSequence = "UPDATE counters SET value = @value WHERE name = 'task_sequence'";

    public const string Purge =
        """
        DELETE FROM tasks WHERE id IN (
            SELECT id FROM tasks WHERE finished_at < @before AND finished_at IS NOT NULL ORDER BY finished_at LIMIT @limit)
        RETURNING request_id, state, short_id, attempts, created_at, finished_at, cost_micros, error_code, error_description, key_id, id
        """;

    /// <summary>The same where several nodes purge: each takes what no other is at.</summary>
    public const string PurgeUnlocked =
        """
        DELETE FROM tasks WHERE id IN (
            SELECT id FROM tasks WHERE finished_at < @before AND finished_at IS NOT NULL ORDER BY finished_at LIMIT @limit FOR UPDATE SKIP LOCKED)
        RETURNING request_id, state, short_id, attempts, created_at, finished_at, cost_micros, error_code, error_description, key_id, id
        """;

    /// <summary>The start of a listing whose conditions are added.</summary>
    public const string Select = $"SELECT {Columns} FROM tasks";
}
