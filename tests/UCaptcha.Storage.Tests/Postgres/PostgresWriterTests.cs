using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>The writer beside others that it shares a commit with, where the begin of a transaction travels with its first writes.</summary>
public sealed class PostgresWriterTests : IAsyncLifetime
{
    private readonly PostgresHost _host = new(options => options with { LeaseTime = TimeSpan.FromMinutes(1) }, ownDatabase: true);
    private readonly ManualResetEventSlim _gate = new();
    private readonly TaskCompletionSource _atGate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostgresStore _node = null!;
    private PostgresConnections _connections = null!;
    private GroupWriter _writer = null!;

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Write_TextThatCannotBeSent_OnlyThatOneFails(int which)
    {
        var first = WriteAsync(WaitAtGate);
        await _atGate.Task;
        var writes = Enumerable.Range(0, 20).Select(i => WriteAsync(session =>
        {
            // As characters, because what comes as a string is made good before.
            session.InsertRequestId.Send(1L, i == which ? new[] { '\ud83d' } : $"{i:00}", Make.Hash("f"), Guid.Empty.ToDb(), 1L);
            return i;
        })).ToList();
        _gate.Set();
        await first;

        for (var i = 0; i < writes.Count; i++)
        {
            if (i == which)
                await Assert.ThrowsAsync<InvalidOperationException>(() => writes[i]);
            else
                await writes[i];
        }

        using var connection = _host.Connect();
        Assert.Equal(
            Enumerable.Range(0, 20).Where(i => i != which).Select(i => $"{i:00}"),
            connection.Query<string>("SELECT request_id FROM request_ids ORDER BY request_id"));
    }

    public async ValueTask InitializeAsync()
    {
        _node = await _host.OpenPostgresAsync();
        var options = new PostgresStorageOptions { ConnectionString = _host.ConnectionString };
        _connections = new PostgresConnections(options);
        using var connection = _host.Connect();
        var lease = new NodeLease { Node = connection.ExecuteScalar<long>("SELECT id FROM nodes") };
        var log = new FailureLog(NullLogger.Instance, TimeProvider.System);
        var fate = new CommitFate(_connections, options.Patience, TimeProvider.System, log);
        _writer = new GroupWriter(() => new PostgresWriteSession(_connections.OpenWriter(), lease, fate), options.Writer, TimeProvider.System, log);
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
            await _connections.DisposeAsync();
            await _node.DisposeAsync();
        }

        _gate.Dispose();
    }

    private int WaitAtGate(WriteSession session)
    {
        _atGate.TrySetResult();
        _gate.Wait();
        return 0;
    }

    private Task<int> WriteAsync(Func<WriteSession, int> work) =>
        _writer.WriteAsync(static (session, work) => work(session), work, CancellationToken.None).AsTask();
}
