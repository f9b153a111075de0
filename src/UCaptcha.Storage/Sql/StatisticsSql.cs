namespace UCaptcha.Storage.Sql;

/// <summary>Statements on the accounts' records, and on the verdicts that change them.</summary>
internal static class StatisticsSql
{
    /// <summary>Bound in the order of first appearance.</summary>
    public const string Save =
        """
        INSERT INTO statistics (account, family, cost_micros, solve_time_ms, successes, failures, samples, updated_at)
        VALUES (@account, @family, @cost_micros, @solve_time_ms, @successes, @failures, @samples, @updated_at)
        ON CONFLICT (account, family) DO UPDATE SET cost_micros = excluded.cost_micros, solve_time_ms = excluded.solve_time_ms,
            successes = excluded.successes, failures = excluded.failures, samples = excluded.samples, updated_at = excluded.updated_at
        """;

    /// <summary>Changes a record by what was seen, whatever it is by now. For PostgreSQL.</summary>
    public const string Change =
        """
        INSERT INTO statistics AS s (account, family, cost_micros, solve_time_ms, successes, failures, samples, updated_at)
        VALUES (@account, @family, @first_cost, @first_time, greatest(@successes, 0::double precision), @failures, @samples, @at)
        ON CONFLICT (account, family) DO UPDATE SET cost_micros = coalesce(s.cost_micros * @average_keep + @cost, excluded.cost_micros),
            solve_time_ms = coalesce(s.solve_time_ms * @average_keep + @time, excluded.solve_time_ms),
            successes = greatest(s.successes * @keep + @successes, 0), failures = s.failures * @keep + excluded.failures,
            samples = s.samples + excluded.samples, updated_at = greatest(s.updated_at, excluded.updated_at)
        """;

    public const string All =
        """
        SELECT account AS Account, family AS Family, cost_micros AS CostMicros, solve_time_ms AS SolveTimeMs, successes AS Successes,
            failures AS Failures, samples AS Samples, updated_at AS UpdatedAt
        FROM statistics ORDER BY account, family
        """;

    /// <summary>Adds nothing when the task has a verdict or is gone.</summary>
    public const string AddFeedback =
        """
        INSERT INTO feedback (task_id, invalid, code, message, at)
        SELECT @task_id, @invalid, @code, @message, @at WHERE EXISTS (SELECT 1 FROM tasks WHERE id = @task_id)
        ON CONFLICT (task_id) DO NOTHING
        """;
}
