using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

public sealed class GroupWriterTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly TaskCompletionSource _atGate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _path = null!;
    private GroupWriter _writer = null!;

    [Fact]
    public async Task Write_GivenUpWhileWaiting_IsCancelledAndNeverRun()
    {
        var first = WriteAsync(WaitAtGate);
        await _atGate.Task;
        using var cancellation = new CancellationTokenSource();
        var second = WriteAsync(s => Insert(s, "second"), cancellation.Token);
        var third = WriteAsync(s => Insert(s, "third"));

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _gate.Set();
        await Task.WhenAll(first, third);

        Assert.Equal(["third"], Rows());
    }

    [Fact]
    public async Task Write_GivenUpWhileItRuns_StillReturnsItsResult()
    {
        using var cancellation = new CancellationTokenSource();
        var write = WriteAsync(
            s =>
            {
                WaitAtGate(s);
                return Insert(s, "kept");
            },
            cancellation.Token);
        await _atGate.Task;

        await cancellation.CancelAsync();
        Assert.False(write.IsCompleted);
        _gate.Set();

        Assert.Equal(1, await write);
        Assert.Equal(["kept"], Rows());
    }

    [Fact]
    public async Task Write_ManyWhileOneRuns_ShareACommit()
    {
        var first = WriteAsync(WaitAtGate);
        await _atGate.Task;
        var seen = new List<long>();
        var rest = Enumerable.Range(0, 10).Select(i => WriteAsync(s =>
        {
            Insert(s, $"{i}");
            seen.Add(s.Connection.ExecuteScalar<long>("SELECT count(*) FROM probe"));
            using var other = Connect();
            return other.ExecuteScalar<int>("SELECT count(*) FROM probe");
        })).ToList();
        _gate.Set();
        await first;

        // Each sees its neighbours; nobody outside sees any of them before the commit.
        Assert.All(await Task.WhenAll(rest), outside => Assert.Equal(0, outside));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), seen);
        Assert.Equal(10, Rows().Count);
    }

    [Fact]
    public async Task Write_SomeThrow_OnlyTheyFailAndLeaveNothing()
    {
        var first = WriteAsync(WaitAtGate);
        await _atGate.Task;
        var writes = Enumerable.Range(0, 30).Select(i => WriteAsync(s =>
        {
            Insert(s, $"{i:00}");
            return i % 3 == 0 ? throw new FormatException($"{i}") : i;
        })).ToList();
        _gate.Set();
        await first;

        for (var i = 0; i < writes.Count; i++)
        {
            if (i % 3 == 0)
                Assert.Equal($"{i}", (await Assert.ThrowsAsync<FormatException>(() => writes[i])).Message);
            else
                Assert.Equal(i, await writes[i]);
        }

        Assert.Equal(Enumerable.Range(0, 30).Where(i => i % 3 != 0).Select(i => $"{i:00}"), Rows());
    }

    [Fact]
    public async Task Write_DiskFull_IsUnavailableAndTheWriterGoesOn()
    {
        await WriteAsync(s => s.Connection.Execute($"PRAGMA max_page_count = {s.Connection.ExecuteScalar<int>("PRAGMA page_count") + 20}"));
        var big = new string('x', 30_000);
        var writes = Enumerable.Range(0, 10).Select(i => WriteAsync(s => Insert(s, $"{i}{big}"))).ToList();

        var stored = new List<string>();
        for (var i = 0; i < writes.Count; i++)
        {
            try
            {
                await writes[i];
                stored.Add($"{i}{big}");
            }
            catch (StoreUnavailableException)
            {
            }
        }

        Assert.InRange(stored.Count, 0, 3);
        Assert.Equal(stored, Rows());
        await WriteAsync(s => s.Connection.Execute("PRAGMA max_page_count = 100000"));
        await WriteAsync(s => Insert(s, "after"));
        Assert.Equal([.. stored, "after"], Rows());
    }

    [Fact]
    public async Task Write_Completed_CallerDoesNotRunOnTheWritersThread()
    {
        var (writer, caller) = await Task.Run(async () =>
            (await WriteAsync(_ => Environment.CurrentManagedThreadId), Environment.CurrentManagedThreadId));

        Assert.NotEqual(writer, caller);
    }

    [Fact]
    public async Task Dispose_WritesWait_AreCommittedAndLaterOnesRefused()
    {
        var first = WriteAsync(WaitAtGate);
        await _atGate.Task;
        var waiting = Enumerable.Range(0, 5).Select(i => WriteAsync(s => Insert(s, $"{i}"))).ToList();

        var closing = _writer.DisposeAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => WriteAsync(s => Insert(s, "late")));
        Assert.False(closing.IsCompleted);
        _gate.Set();
        await closing;

        await Task.WhenAll(waiting);
        await first;
        Assert.Equal(["0", "1", "2", "3", "4"], Rows());
    }

    public ValueTask InitializeAsync()
    {
        _path = Path.Combine(_directory.Path, "ucaptcha.db");
        var options = new SqliteStorageOptions { DataDirectory = _directory.Path };
        var connection = new ConnectionFactory(_path, options).OpenWriter();
        Migrator.Run(connection);
        connection.Execute("CREATE TABLE probe (text TEXT NOT NULL)");
        var session = new SqliteWriteSession(connection);
        _writer = new GroupWriter(() => session, options.Writer, TimeProvider.System, new FailureLog(NullLogger.Instance, TimeProvider.System), session);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await _writer.DisposeAsync();
        _directory.Dispose();
        _gate.Dispose();
    }

    private static int Insert(WriteSession session, string text) => session.Connection.Execute("INSERT INTO probe VALUES (@text)", new { text });

    private int WaitAtGate(WriteSession session)
    {
        _atGate.TrySetResult();
        _gate.Wait();
        return 0;
    }

    private Task<int> WriteAsync(Func<WriteSession, int> work, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(static (session, work) => work(session), work, cancellationToken).AsTask();

    private Microsoft.Data.Sqlite.SqliteConnection Connect()
    {
        var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_path};Pooling=False");
        connection.Open();
        return connection;
    }

    private List<string> Rows()
    {
        using var connection = Connect();
        return [.. connection.Query<string>("SELECT text FROM probe ORDER BY rowid")];
    }
}
