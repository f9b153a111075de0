namespace UCaptcha.Storage.Sql;

/// <summary>Statements on attempts. Parameters are bound in the order of their first appearance.</summary>
internal static class AttemptSql
{
    private const string Columns =
        "task_id, number, account, kind, state, decision, started_at, submitted_at, finished_at, upstream_id, error_code, error_class, cost_micros";

    public const string Insert =
        """
        INSERT INTO attempts (task_id, number, account, kind, state, decision, started_at)
        VALUES (@task_id, @number, @account, @kind, 0, @decision, @started_at)
        """;

    public const string Submit =
        """
        UPDATE attempts SET state = 1, upstream_id = @upstream_id, submitted_at = @submitted_at
        WHERE task_id = @task_id AND number = @number AND state < 2
        """;

    public const string End =
        """
        UPDATE attempts SET state = @state, finished_at = @finished_at, upstream_id = coalesce(@upstream_id, upstream_id),
            error_code = @error_code, error_class = @error_class, cost_micros = @cost_micros
        WHERE task_id = @task_id AND number = @number AND state < 2
        """;

    /// <summary>Whether the very attempt is there already, and still Submitting.</summary>
    public const string IsBegun =
        "SELECT 1 FROM attempts WHERE task_id = @task_id AND number = @number AND account = @account AND started_at = @started_at AND state = 0";

    public const string Exists = "SELECT 1 FROM attempts WHERE task_id = @task_id AND number = @number";

    public const string ByTask = $"SELECT {Columns} FROM attempts WHERE task_id = @task_id ORDER BY number";

    public const string ByTasks = $"SELECT {Columns} FROM attempts WHERE task_id = ANY (@ids) ORDER BY task_id, number";
}
