using Dapper;
using Microsoft.Data.Sqlite;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

/// <summary>Another program, such as a backup or a shell, holds a lock on the file.</summary>
public sealed class LockedFileTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Write_FileLocked_IsUnavailableThenWorksAgain()
    {
        await using var host = new SqliteHost(o => o with { BusyTimeout = TimeSpan.FromMilliseconds(20) });
        await using var store = await host.OpenSqliteAsync();
        var key = await store.SaveKeyAsync(Make.Key(), None);
        var task = Make.Task(key.Id);
        using (Lock(host))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AcceptAsync(task, None).AsTask());
            Assert.Null(await store.FindAsync(task.Id, None));
            Assert.Single(await store.ListKeysAsync(None));
        }

        Assert.Equal(AcceptResult.Accepted, (await store.AcceptAsync(task, None)).Result);
        Assert.Equal(TaskState.Queued, (await store.FindAsync(task.Id, None))!.State);
    }

    [Fact]
    public async Task Finish_FileLockedBetween_PlacesGoOn()
    {
        await using var host = new SqliteHost(o => o with { BusyTimeout = TimeSpan.FromMilliseconds(20) });
        await using var store = await host.OpenSqliteAsync();
        var key = await store.SaveKeyAsync(Make.Key(), None);
        var tasks = Enumerable.Range(0, 3).Select(_ => Make.Task(key.Id)).ToList();
        foreach (var task in tasks)
            await store.AcceptAsync(task, None);
        Assert.Equal(1, await store.FinishAsync(Make.Failed(tasks[0]), None));
        using (Lock(host))
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FinishAsync(Make.Failed(tasks[1]), None).AsTask());

        Assert.Equal(2, await store.FinishAsync(Make.Failed(tasks[2]), None));
        Assert.Equal(3, await store.FinishAsync(Make.Failed(tasks[1]), None));
    }

    [Fact]
    public async Task Write_TooManyWait_TheLaterOnesAreRefusedAtOnce()
    {
        await using var host = new SqliteHost(o => o with { QueueCapacity = 3, BusyTimeout = TimeSpan.FromMinutes(1) });
        await using var store = await host.OpenSqliteAsync();
        var key = await store.SaveKeyAsync(Make.Key(), None);
        var tasks = Enumerable.Range(0, 20).Select(_ => Make.Task(key.Id)).ToList();
        List<Task<AcceptOutcome>> writes;
        using (Lock(host))
        {
            writes = tasks.ConvertAll(t => store.AcceptAsync(t, None).AsTask());

            // Three wait, and at most three more were taken from the queue before the lock was met.
            var refused = writes.Where(w => w.IsFaulted).ToList();
            Assert.InRange(refused.Count, 14, 17);
            Assert.All(refused, w => Assert.IsType<StoreUnavailableException>(w.Exception!.InnerException));
        }

        for (var i = 0; i < tasks.Count; i++)
        {
            if (!writes[i].IsFaulted)
                Assert.Equal(AcceptResult.Accepted, (await writes[i]).Result);
            Assert.Equal(!writes[i].IsFaulted, await store.FindAsync(tasks[i].Id, None) is not null);
        }
    }

    private static Locked Lock(SqliteHost host) => new(host.Connect());

    private sealed class Locked : IDisposable
    {
        private readonly SqliteConnection _connection;

        public Locked(SqliteConnection connection)
        {
            _connection = connection;
            _connection.Execute("BEGIN IMMEDIATE");
        }

        public void Dispose()
        {
            _connection.Execute("ROLLBACK");
            _connection.Dispose();
        }
    }
}
