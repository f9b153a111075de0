using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>What became of a commit is asked by the number of its transaction, and a database that crashes gives numbers twice.</summary>
public sealed class CommitFateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resolve_DatabaseCrashedAndGaveTheNumberToAnother_IsUnsure(bool firstProcessStays)
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        // What the transaction wrote is not to come to the disk by itself.
        await using var cluster = await PostgresCluster.StartAsync("wal_writer_delay=10s");
        var options = new PostgresStorageOptions { ConnectionString = await cluster.CreateDatabaseAsync(), Patience = TimeSpan.FromSeconds(1) };
        await (await PostgresStore.OpenAsync(options, TimeProvider.System)).DisposeAsync();
        await using var connections = new PostgresConnections(options);
        await using var connection = connections.OpenWriter();
        using var ended = new EndedTasks(new Pipeline(connection), new NodeLease());
        var history = Timeline.Of(connection);
        var number = connection.QuerySingle<string>("BEGIN; SELECT pg_current_xact_id()::text");

        if (firstProcessStays)
        {
            await cluster.CrashAsync(connection.ProcessID);
        }
        else
        {
            await cluster.CrashAsync();
            await cluster.RestartAsync();
        }

        while (Number(await cluster.QueryAsync("SELECT pg_current_xact_id()")) < Number(number))
        {
        }

        Assert.Equal("committed", await cluster.QueryAsync($"SELECT pg_xact_status('{number}')"));
        Assert.Throws<CommitUnsureException>(() => Fate(connections, options).Resolve(number, history, new NpgsqlException("The connection broke."), ended));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resolve_Committed_IsSureWhereTheDatabaseTellsItsHistory(bool tells)
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        await using var cluster = await PostgresCluster.StartAsync();
        var options = new PostgresStorageOptions { ConnectionString = await cluster.CreateDatabaseAsync(), Patience = TimeSpan.FromSeconds(1) };
        await (await PostgresStore.OpenAsync(options, TimeProvider.System)).DisposeAsync();
        await using var connections = new PostgresConnections(options);
        await using var connection = connections.OpenWriter();
        using var ended = new EndedTasks(new Pipeline(connection), new NodeLease());
        if (!tells)
            connection.Execute("ALTER FUNCTION pg_walfile_name(pg_lsn) RENAME TO pg_walfile_name_of_another");
        var history = Timeline.Of(connection);
        var number = connection.QuerySingle<string>("SELECT pg_current_xact_id()::text");

        var failure = Record.Exception(() => Fate(connections, options).Resolve(number, history, new NpgsqlException("The connection broke."), ended));

        Assert.Equal((tells, tells), (history is not null, failure is null));
        if (!tells)
            Assert.IsType<CommitUnsureException>(failure);
    }

    private static CommitFate Fate(PostgresConnections connections, PostgresStorageOptions options) =>
        new(connections, options.Patience, TimeProvider.System, new FailureLog(NullLogger.Instance, TimeProvider.System));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
