using Dapper;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

public sealed class SchemaTests : IAsyncLifetime
{
    private readonly SqliteHost _host = new();

    [Fact]
    public async Task Open_NewDirectory_HasTheLatestSchemaAndAJournal()
    {
        await using var store = await _host.OpenSqliteAsync();
        using var connection = _host.Connect();

        Assert.Equal(Migrator.Latest, connection.ExecuteScalar<int>("PRAGMA user_version"));
        Assert.Equal("wal", connection.ExecuteScalar<string>("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Open_SchemaOfALaterProgram_IsRefusedAndUntouched()
    {
        await (await _host.OpenSqliteAsync()).DisposeAsync();
        _host.Execute("PRAGMA user_version = 99");
        var before = await File.ReadAllBytesAsync(_host.DatabasePath);

        var refused = await Assert.ThrowsAsync<SchemaTooNewException>(() => _host.OpenSqliteAsync().AsTask());

        Assert.Equal((99, Migrator.Latest), (refused.Found, refused.Known));
        Assert.Contains("99", refused.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(_host.DatabasePath));
    }

    [Fact]
    public async Task Open_Refused_LetsGoOfTheDirectory()
    {
        await (await _host.OpenSqliteAsync()).DisposeAsync();
        _host.Execute("PRAGMA user_version = 99");
        await Assert.ThrowsAsync<SchemaTooNewException>(() => _host.OpenSqliteAsync().AsTask());
        _host.Execute($"PRAGMA user_version = {Migrator.Latest}");

        await (await _host.OpenSqliteAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Open_FileIsNoDatabase_IsUnavailable()
    {
        await File.WriteAllTextAsync(_host.DatabasePath, new string('x', 5000));

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => _host.OpenSqliteAsync().AsTask());

        Assert.Contains(_host.DatabasePath, failure.Message);
    }

    [Theory]
    [InlineData(TaskSql.ById, "USING INDEX sqlite_autoindex_tasks_1")]
    [InlineData(TaskSql.ByShortId, "USING INDEX tasks_short_id")]
    [InlineData(TaskSql.Unfinished, "USING INDEX tasks_unfinished")]
    [InlineData(TaskSql.Finished, "USING INDEX tasks_finished_by_key")]
    [InlineData(TaskSql.Purge, "USING INDEX tasks_finished_at")]
    [InlineData(AttemptSql.ByTask, "USING INDEX sqlite_autoindex_attempts_1")]
    [InlineData(RequestIdSql.Purge, "request_ids_used_at")]
    [InlineData(CallbackSql.NextDue, "USING COVERING INDEX callbacks_due")]
    [InlineData(CallbackSql.Purge, "callbacks_settled")]
    [InlineData(CustomerSql.ById, "USING COVERING INDEX ledger_by_hand")]
    public async Task Plan_HotStatement_UsesItsIndexAndNoSort(string sql, string expected)
    {
        await using var store = await _host.OpenSqliteAsync();
        using var connection = _host.Connect();
        var arguments = new DynamicParameters();
        foreach (var name in (string[])["id", "key_id", "short_id", "created_at", "sequence", "limit", "before", "task_id"])
            arguments.Add(name, 1);

        var plan = string.Join('\n', connection.Query("EXPLAIN QUERY PLAN " + sql, arguments).Select(r => (string)r.detail));

        Assert.Contains(expected, plan);
        Assert.DoesNotContain("TEMP B-TREE", plan);
        Assert.DoesNotContain("SCAN tasks", plan);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Plan_TasksWithLostAttempts_AreLookedUpByTheLost(bool afterAPage, bool unfinished)
    {
        await using var store = await _host.OpenSqliteAsync();
        using var connection = _host.Connect();
        var sql = TaskListing.Sql(new TaskFilter { LostAttempts = true, State = unfinished ? TaskState.Queued : null }, afterAPage);

        var plan = string.Join('\n', connection.Query("EXPLAIN QUERY PLAN " + sql, new { Before = new byte[16], State = 0, Limit = 1 }).Select(r => (string)r.detail));

        Assert.Contains("INDEX attempts_lost", plan);
        Assert.DoesNotContain("SCAN tasks", plan);
    }

    [Fact]
    public async Task Plan_CountOfLostAttempts_ReadsThemOnly()
    {
        await using var store = await _host.OpenSqliteAsync();
        using var connection = _host.Connect();

        var plan = connection.Query("EXPLAIN QUERY PLAN " + StatusRows.Counts).Select(r => (string)r.detail).ToList();

        Assert.Contains(plan, line => line.Contains("attempts", StringComparison.Ordinal) && line.Contains("INDEX attempts_lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_ProofOfReserves_ReadsNoFinishedTask()
    {
        await using var store = await _host.OpenSqliteAsync();
        using var connection = _host.Connect();

        var plan = connection.Query("EXPLAIN QUERY PLAN " + LedgerSql.Differences).Select(r => (string)r.detail).ToList();

        Assert.Equal(2, plan.Count(line => line.EndsWith("USING INDEX tasks_unfinished", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, line => line.Contains("tasks_short_id", StringComparison.Ordinal));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
