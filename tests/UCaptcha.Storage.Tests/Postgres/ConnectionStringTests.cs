using Npgsql;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>What an operator may write about the way to the database.</summary>
public sealed class ConnectionStringTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Open_OverAUnixSocket_Works()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        var sockets = Path.GetTempPath();
        await using var cluster = await PostgresCluster.StartAsync("fsync=off", $"unix_socket_directories={sockets}");
        var text = (await cluster.CreateDatabaseAsync()).Replace("Host=127.0.0.1", $"Host={sockets}", StringComparison.Ordinal);
        Assert.Contains($"Host={sockets}", text, StringComparison.Ordinal);

        await using var store = await PostgresStore.OpenAsync(new PostgresStorageOptions { ConnectionString = text }, TimeProvider.System);

        var task = Make.Task((await store.SaveKeyAsync(Make.Key(), None)).Id);
        Assert.Equal(AcceptResult.Accepted, (await store.AcceptAsync(task, None)).Result);
        Assert.Equal(1, await store.RenewAsync(None));
        Assert.NotNull(await store.FindAsync(task.Id, None));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";Keepalive=30")]
    public async Task OpenWriter_WhateverIsAskedFor_FindsItselfBrokenOnlyInAStatement(string more)
    {
        await using var host = new PostgresHost();
        await host.CreateAsync();
        await using var connections = new PostgresConnections(new PostgresStorageOptions { ConnectionString = host.ConnectionString + more });

        await using var writer = connections.OpenWriter();

        var settings = new NpgsqlConnectionStringBuilder(writer.ConnectionString);
        Assert.Equal((0, true), (settings.KeepAlive, settings.TcpKeepAlive));
    }
}
