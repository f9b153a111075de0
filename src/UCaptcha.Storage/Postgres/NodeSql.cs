using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>Statements on nodes, their leases and the tasks they leave behind. Times are the database's.</summary>
internal static class NodeSql
{
    public const string Register =
        """
        INSERT INTO nodes (name, lease_until) VALUES (@name, clock_timestamp() + @leaseMs * interval '1 millisecond') RETURNING id
        """;

    /// <summary>Tells the time in unix milliseconds, as everywhere else in the database.</summary>
    public const string Renew =
        """
        UPDATE nodes SET lease_until = clock_timestamp() + @leaseMs * interval '1 millisecond' WHERE id = @node
        RETURNING (extract(epoch FROM clock_timestamp()) * 1000)::bigint
        """;

    /// <summary>What follows the end of leases, in the same statement: tasks and callbacks of these nodes are to be had.</summary>
    private const string AfterGone =
        """
        , freed AS (UPDATE callbacks SET claimed = 0, due_at = ended_at FROM gone WHERE callbacks.state = 0 AND callbacks.claimed = 1 AND claimed_by = gone.id)
        INSERT INTO orphaned SELECT id FROM gone ON CONFLICT DO NOTHING
        """;

    public const string HasOverdue = "SELECT EXISTS (SELECT FROM nodes WHERE lease_until < clock_timestamp() AND id <> @node)";

    /// <summary>Passes over a node that is committing: such a transaction holds its row.</summary>
    public const string EndOverdue =
        $"""
        WITH gone AS (
            DELETE FROM nodes WHERE id IN (SELECT id FROM nodes WHERE lease_until < clock_timestamp() AND id <> @node ORDER BY id FOR UPDATE SKIP LOCKED)
            RETURNING id){AfterGone}
        """;

    public const string Release = $"WITH gone AS (DELETE FROM nodes WHERE id = @node RETURNING id){AfterGone}";

    /// <summary>Times in unix milliseconds, as everywhere else in the database.</summary>
    public const string ListAlive =
        """
        SELECT id, name, (extract(epoch FROM started_at) * 1000)::bigint, (extract(epoch FROM lease_until) * 1000)::bigint,
            (SELECT count(*) FROM tasks WHERE owner = nodes.id AND finished_at IS NULL)
        FROM nodes WHERE lease_until >= clock_timestamp() ORDER BY id
        """;

    public const string CountAlive = "SELECT count(*) FROM nodes";

    /// <summary>Tells the transaction its node and keeps the node's lease from being ended before the commit.</summary>
    public const string Enter =
        "SELECT set_config('ucaptcha.node', id::text, true), pg_current_xact_id()::text FROM nodes WHERE id = $1 FOR KEY SHARE";

    public const string OwnedElsewhere = "SELECT 1 FROM tasks WHERE id = @id AND state < 3 AND owner <> current_setting('ucaptcha.node')::bigint";

    public const string HasOrphaned = "SELECT EXISTS (SELECT FROM orphaned)";

    public const string Claim =
        """
        WITH taken AS (
            SELECT id FROM tasks WHERE owner = ANY (ARRAY(SELECT node FROM orphaned)) AND finished_at IS NULL
            LIMIT @limit FOR UPDATE SKIP LOCKED)
        UPDATE tasks SET owner = current_setting('ucaptcha.node')::bigint FROM taken WHERE tasks.id = taken.id RETURNING tasks.id
        """;

    /// <summary>Sees also those that somebody else is about to take.</summary>
    public const string ForgetOrphaned =
        "DELETE FROM orphaned WHERE NOT EXISTS (SELECT FROM tasks WHERE owner = orphaned.node AND finished_at IS NULL)";

    public const string UnfinishedOwn = $"{TaskSql.Select} WHERE id = ANY (@ids) AND owner = @node AND finished_at IS NULL ORDER BY created_at, id";
}
