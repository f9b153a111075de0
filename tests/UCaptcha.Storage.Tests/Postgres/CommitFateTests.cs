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
        var fate = new CommitFate(connections, options.Patience, TimeProvider.System, new FailureLog(NullLogger.Instance, TimeProvider.System));
        Assert.Throws<CommitUnsureException>(() => fate.Resolve(number, history, new NpgsqlException("The connection broke."), ended));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
