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

    /// <summary>
    /// Changes a record by what was seen, whatever it is by now. For PostgreSQL, to which a product too small for its type is an error:
    /// what is next to nothing is nothing, as <see cref="Core.Routing.StatisticsChange.ApplyTo"/> has it.
    /// </summary>
    public const string Change =
        """
        INSERT INTO statistics AS s (account, family, cost_micros, solve_time_ms, successes, failures, samples, updated_at)
        VALUES (@account, @family, @first_cost, @first_time, greatest(@successes, 0::double precision), @failures, @samples, @at)
        ON CONFLICT (account, family) DO UPDATE SET
            cost_micros = coalesce(CASE WHEN s.cost_micros < 1e-100 THEN 0 ELSE s.cost_micros * @average_keep END + @cost, excluded.cost_micros),
            solve_time_ms = coalesce(CASE WHEN s.solve_time_ms < 1e-100 THEN 0 ELSE s.solve_time_ms * @average_keep END + @time, excluded.solve_time_ms),
            successes = greatest(CASE WHEN s.successes < 1e-100 THEN 0 ELSE s.successes * @keep END + @successes, 0),
            failures = CASE WHEN s.failures < 1e-100 THEN 0 ELSE s.failures * @keep END + excluded.failures,
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
