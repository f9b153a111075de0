namespace UCaptcha.Storage.Sql;

/// <summary>Statements on idempotency ids. Parameters are bound in the order of their first appearance.</summary>
internal static class RequestIdSql
{
    public const string Find =
        """
        SELECT fingerprint, task_id, state, short_id, attempts, created_at, finished_at, cost_micros, error_code, error_description
        FROM request_ids WHERE key_id = @key_id AND request_id = @request_id
        """;

    public const string Insert =
        """
        INSERT INTO request_ids (key_id, request_id, fingerprint, task_id, used_at)
        VALUES (@key_id, @request_id, @fingerprint, @task_id, @used_at)
        """;

    /// <summary>Keeps how a task ended whose result is being purged, unless its id was forgotten before and is another task's.</summary>
    public const string KeepOutcome =
        """
        UPDATE request_ids SET state = @state, short_id = @short_id, attempts = @attempts, created_at = @created_at, finished_at = @finished_at,
            cost_micros = @cost_micros, error_code = @error_code, error_description = @error_description
        WHERE key_id = @key_id AND task_id = @task_id AND request_id = @request_id
        """;

    public const string Purge =
        """
        DELETE FROM request_ids WHERE (key_id, request_id) IN (
            SELECT key_id, request_id FROM request_ids WHERE used_at < @before ORDER BY used_at LIMIT @limit)
        """;

    /// <summary>The same where several nodes purge: each takes what no other is at.</summary>
    public const string PurgeUnlocked =
        """
        DELETE FROM request_ids WHERE (key_id, request_id) IN (
            SELECT key_id, request_id FROM request_ids WHERE used_at < @before ORDER BY used_at LIMIT @limit FOR UPDATE SKIP LOCKED)
        """;
}
