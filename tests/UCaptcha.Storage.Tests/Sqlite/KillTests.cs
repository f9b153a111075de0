using Dapper;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

/// <summary>Whatever a caller was told is stored, is stored.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Kill_WhileAccepting_EveryAcknowledgedTaskIsThere()
    {
        await using var host = new SqliteHost();
        var acknowledged = new List<Guid>();
        foreach (var length in (int[])[50, 400, 1500])
        {
            using var process = ProbeProcess.StartEndless(host.Path);
            acknowledged.AddRange(await process.ReadIdsAsync(length));
            acknowledged.AddRange(process.Kill());
        }

        await AssertAllStoredAsync(host, acknowledged);
    }

    [Fact]
    public async Task Copy_OfFilesInUse_HasEveryTaskAcknowledgedBefore()
    {
        await using var host = new SqliteHost();
        await using var copy = new SqliteHost();
        await using var store = await host.OpenSqliteAsync();
        using var stop = new CancellationTokenSource();
        var acknowledged = new List<Guid>();
        var accepting = AcceptAsync(store, acknowledged, stop.Token);

        // Below the 4096 pages of a checkpoint only the journal grows, so that a copy at any moment is what a power cut leaves.
        List<Guid> before;
        do
        {
            await Task.Yield();
            lock (acknowledged)
                before = [.. acknowledged];
        }
        while (before.Count < 100);
        CopyDatabase(host, copy);
        await stop.CancelAsync();
        await accepting;

        await AssertAllStoredAsync(copy, before);
    }

    [Fact]
    public async Task Open_JournalTornAnywhere_HasABeginningOfTheHistory()
    {
        await using var host = new SqliteHost();
        await using var store = await host.OpenSqliteAsync();
        var key = await store.SaveKeyAsync(Make.Key(budget: 1000), CancellationToken.None);
        var tasks = Enumerable.Range(0, 30).Select(_ => Make.Task(key.Id, reserve: 10)).ToList();
        foreach (var task in tasks)
            await store.AcceptAsync(task, CancellationToken.None);
        var random = new Random(11);
        var journal = new FileInfo(host.DatabasePath + "-wal").Length;

        for (var i = 0; i < 20; i++)
        {
            await using var copy = new SqliteHost();
            CopyDatabase(host, copy);
            using (var torn = File.Open(copy.DatabasePath + "-wal", FileMode.Open))
                torn.SetLength(random.NextInt64(journal));

            await using var reopened = await copy.OpenSqliteAsync();
            var count = 0;
            while (count < tasks.Count && await reopened.FindAsync(tasks[count].Id, CancellationToken.None) is not null)
                count++;
            foreach (var task in tasks.Skip(count))
                Assert.Null(await reopened.FindAsync(task.Id, CancellationToken.None));
            Assert.Equal(count * 10, (await reopened.GetUsageAsync(key.Id, CancellationToken.None)).Reserved.Micros);
        }
    }

    private static async Task AcceptAsync(SqliteStore store, List<Guid> acknowledged, CancellationToken stop)
    {
        var key = await store.SaveKeyAsync(Make.Key(), CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25 && !stop.IsCancellationRequested; i++)
            {
                var task = Make.Task(key.Id);
                if ((await store.AcceptAsync(task, CancellationToken.None)).Result != AcceptResult.Accepted)
                    continue;
                lock (acknowledged)
                    acknowledged.Add(task.Id);
            }
        })));
    }

    private static void CopyDatabase(SqliteHost from, SqliteHost to)
    {
        foreach (var suffix in (string[])["", "-wal"])
        {
            using var source = new FileStream(from.DatabasePath + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(to.DatabasePath + suffix);
            source.CopyTo(target);
        }
    }

    private static async Task AssertAllStoredAsync(SqliteHost host, List<Guid> acknowledged)
    {
        await using (var store = await host.OpenSqliteAsync())
        {
            foreach (var id in acknowledged)
                Assert.NotNull(await store.FindAsync(id, CancellationToken.None));
        }

        using var connection = host.Connect();
        Assert.Equal("ok", connection.ExecuteScalar<string>("PRAGMA integrity_check"));
        Assert.Empty(connection.Query("PRAGMA foreign_key_check"));
    }
}
