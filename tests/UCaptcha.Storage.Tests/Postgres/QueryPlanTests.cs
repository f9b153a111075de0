using Dapper;
using Npgsql;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>What is asked again and again of a large database finds its rows by an index, as on SQLite.</summary>
public sealed class QueryPlanTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new(ownDatabase: true);

    [Fact]
    public void Counts_OfUnfinishedTasks_LookAtNoOther() =>
        Assert.Equal(2, Plan(StatusRows.Counts).Count(IsOfUnfinished));

    [Fact]
    public void Listing_OfUnfinishedTasks_LooksAtNoOther() =>
        Assert.Contains(
            Plan(TaskListing.Sql(new Core.Storage.TaskFilter { State = Core.Tasks.TaskState.Queued }, afterAPage: false), new { State = 0, Limit = 10 }),
            IsOfUnfinished);

    [Fact]
    public void Proof_OfReserves_LooksAtNoFinishedTask()
    {
        var plan = Plan(LedgerSql.Differences);

        Assert.Equal(2, plan.Count(IsOfUnfinished));
        Assert.Equal(2, plan.Count(line => line.Contains(" on tasks", StringComparison.Ordinal)));
    }

    public async ValueTask InitializeAsync()
    {
        await (await _host.OpenPostgresAsync()).DisposeAsync();
        // Many results and few tasks under way, as in a database that has been used.
        _host.Execute("""
            INSERT INTO api_keys (name, hash, configured, created_at, customer_id, prefix, settings) VALUES ('k', '\x00', 0, 0, 1, '', '{}');
            INSERT INTO tasks (id, short_id, key_id, family, request, speed_weight, dialect, created_at, deadline_at, reserved_micros, owner, state, attempts, finished_at)
                SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), n, 1, 'Turnstile', '\x7b7d', 50, 'ucaptcha', n, n, 0, 1, CASE WHEN n % 1000 = 0 THEN 0 ELSE 4 END, 0,
                    CASE WHEN n % 1000 = 0 THEN NULL ELSE n END
                FROM generate_series(1, 20000) AS n;
            ANALYZE tasks
            """);
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    // Either of the indexes that have nothing else.
    private static bool IsOfUnfinished(string line) =>
        line.Contains("Scan using tasks_unfinished on tasks", StringComparison.Ordinal) || line.Contains("Scan using tasks_owner on tasks", StringComparison.Ordinal);

    private List<string> Plan(string sql, object? parameters = null)
    {
        using var connection = new NpgsqlConnection(_host.ConnectionString);
        return connection.Query<string>("EXPLAIN " + sql, parameters).AsList();
    }
}
