using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Statements on callbacks, most of them for Dapper.</summary>
internal static class CallbackSql
{
    private const string Columns =
        """
        id AS Id, task_id AS TaskId, short_id AS ShortId, key_id AS KeyId, url AS Url, receiver AS Receiver, dialect AS Dialect,
        task_state AS TaskState, error_code AS ErrorCode, error_description AS ErrorDescription, ended_at AS EndedAt, state AS State, due_at AS DueAt,
        tries AS Tries, step AS Step, settled_at AS SettledAt, last_outcome AS LastOutcome
        """;

    /// <summary>Takes what is to be told from the task, which is at its end. Bound in the order of first appearance.</summary>
    public const string Add =
        """
        INSERT INTO callbacks (id, task_id, short_id, key_id, url, receiver, dialect, task_state, error_code, error_description, ended_at, due_at)
        SELECT @Id, id, short_id, key_id, callback_url, @Receiver, dialect, state, error_code, error_description, finished_at, finished_at
        FROM tasks WHERE id = @TaskId AND callback_url IS NOT NULL
        """;

    /// <summary>Waits like a queue: first what is due longest, but of each receiver only so many.</summary>
    /// <param name="shared">Several nodes claim from one database: they pass over one another's rows, and say whose a claim is.</param>
    public static string Claim(bool shared) =>
        $"""
        UPDATE callbacks SET claimed = 1, {(shared ? "claimed_by = current_setting('ucaptcha.node')::bigint, " : "")}due_at = @Until, tries = tries + 1 WHERE id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY receiver ORDER BY due_at, id) AS place FROM (
                    SELECT id, receiver, due_at FROM callbacks
                    WHERE state = 0 AND due_at <= @Now AND receiver {(shared ? "<> ALL (@BusyReceivers)" : "NOT IN @BusyReceivers")}
                        AND key_id {(shared ? "<> ALL (@BusyKeys)" : "NOT IN @BusyKeys")}
                    ORDER BY due_at LIMIT @Limit {(shared ? "FOR UPDATE SKIP LOCKED" : "")}) AS due) AS placed
            WHERE place <= @LimitPerReceiver)
        RETURNING {Columns}
        """;

    /// <summary>Makes due what a process that is gone had claimed.</summary>
    public const string Release = "UPDATE callbacks SET claimed = 0, due_at = ended_at WHERE state = 0 AND claimed = 1";

    public const string NextDue = "SELECT min(due_at) FROM callbacks WHERE state = 0";

    /// <summary>The number of the try is the fence: another claim has counted on.</summary>
    public const string Record =
        """
        UPDATE callbacks SET claimed = 0, state = @State, due_at = @DueAt, step = @Step, settled_at = @SettledAt, last_outcome = @Outcome
        WHERE id = @Id AND tries = @Number AND state = 0 AND claimed = 1
        """;

    public const string AddTry =
        "INSERT INTO callback_tries (callback_id, number, at, took_ms, outcome) VALUES (@Id, @Number, @At, @TookMs, @Outcome)";

    public const string Find = $"SELECT {Columns} FROM callbacks WHERE id = @id";

    public const string Tries =
        "SELECT number AS Number, at AS At, took_ms AS TookMs, outcome AS Outcome FROM callback_tries WHERE callback_id = @id ORDER BY number";

    public const string Replay =
        "UPDATE callbacks SET state = 0, due_at = @now, step = 0, settled_at = NULL WHERE id = @id AND claimed = 0";

    /// <summary>Changes nothing, and holds the row until the transaction ends.</summary>
    public const string Hold = "UPDATE callbacks SET state = state WHERE id = @id";

    public const string CountPending = "SELECT count(*) FROM callbacks WHERE state = 0";

    /// <summary>The try that was counted at the claim was none. What was tried less comes before what was tried more, as in <see cref="Defer"/>.</summary>
    public const string Unclaim =
        "UPDATE callbacks SET claimed = 0, due_at = @Until + tries - 1, tries = tries - 1 WHERE id = @Id AND tries = @Tries AND state = 0 AND claimed = 1";

    /// <summary>A millisecond for each try behind it: the one that has just failed does not come first again, and each has its turn.</summary>
    public const string Defer =
        """
        UPDATE callbacks SET due_at = @Until + tries
        WHERE receiver = @Receiver AND key_id = @KeyId AND due_at < @Until AND state = 0 AND claimed = 0
        """;

    private const string GiveUp =
        "UPDATE callbacks SET state = 2, settled_at = @Now, last_outcome = @Reason WHERE state = 0 AND claimed = 0 AND id IN";

    public const string GiveUpLate =
        $"""
        {GiveUp} (
            SELECT id FROM callbacks
            WHERE state = 0 AND claimed = 0 AND receiver = @Receiver AND key_id = @KeyId AND ended_at < @EndedBefore ORDER BY id LIMIT @Limit)
        """;

    /// <summary>Ids are in the order of the tasks' ends.</summary>
    public const string GiveUpMany =
        $"""
        {GiveUp} (
            SELECT id FROM (
                SELECT id, claimed, row_number() OVER (PARTITION BY key_id ORDER BY id DESC) AS place FROM callbacks WHERE state = 0) AS waiting
            WHERE place > @Most AND claimed = 0 ORDER BY id LIMIT @Limit)
        """;

    /// <summary>Asked twice: one that another node has replayed meanwhile is not settled any more.</summary>
    public const string Purge =
        """
        DELETE FROM callbacks WHERE settled_at < @before AND id IN (
            SELECT id FROM callbacks WHERE settled_at < @before AND settled_at IS NOT NULL ORDER BY settled_at LIMIT @limit)
        """;

    /// <summary>Newest first; its parameters are the filter's.</summary>
    public static string List(CallbackFilter filter)
    {
        string?[] conditions =
        [
            filter.KeyId is null ? null : "key_id = @KeyId",
            filter.TaskId is null ? null : "task_id = @TaskId",
            filter.State is null ? null : "state = @State",
            filter.Before is null ? null : "id < @Before",
        ];
        var where = string.Join(" AND ", conditions.Where(condition => condition is not null));
        return $"SELECT {Columns} FROM callbacks {(where.Length > 0 ? "WHERE " + where : "")} ORDER BY id DESC LIMIT @Limit";
    }
}
