using System.Runtime.Versioning;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Sqlite;

public sealed class BackupTests : IAsyncLifetime
{
    private readonly SqliteHost _host = new();
    private readonly TempDirectory _elsewhere = new();

    public static bool IsWindows => OperatingSystem.IsWindows();

    private SqliteStorageOptions Options => new() { DataDirectory = _host.Path };

    private string Target => Path.Combine(_elsewhere.Path, "copy.db");

    /// <summary>How much of a copy under way is there, or 0.</summary>
    private long Copied => new FileInfo(Target + ".part") is { Exists: true } part ? part.Length : 0;

    [Fact]
    public async Task Backup_WhileTasksAreAccepted_IsWholeAndServes()
    {
        var accepted = new List<Guid>();
        var before = 0;
        await using (var store = await _host.OpenSqliteAsync())
        {
            var key = await store.SaveKeyAsync(Make.Key(budget: 1_000_000), default);
            // So much that a write fits between the first byte of the copy and its last.
            _host.Execute("CREATE TABLE ballast AS SELECT randomblob(32000000) AS bytes");
            await Eventually.TrueAsync(async () =>
            {
                File.Delete(Target);
                before = accepted.Count;
                var sizes = new List<long>();
                var copying = store.BackupAsync(Target, default).AsTask();
                while (!copying.IsCompleted)
                {
                    var begun = Copied > 0;
                    accepted.Add(await AcceptAsync(store, key));
                    if (begun)
                        sizes.Add(Copied);
                }

                var whole = await copying;
                return sizes.Exists(size => size > 0 && size < whole);
            });
        }

        var kept = SqliteBackup.Restore(Options, Target, Make.Start);

        Assert.True(File.Exists(kept));
        await using var restored = await _host.OpenSqliteAsync();
        Assert.Empty((await restored.VerifyLedgerAsync(default)).Differences);
        var copied = await restored.ListUnfinishedAsync(default).Select(entry => entry.Task.Id).ToListAsync();
        Assert.InRange(copied.Count, before, accepted.Count);
        Assert.Equal(accepted.Take(copied.Count).Order(), copied.Order());
        await AcceptAsync(restored, Assert.Single(await restored.ListKeysAsync(default)));
    }

    [Fact]
    public async Task Restore_LaterWritesOfTheOldDatabase_AreGoneAndKeptAside()
    {
        await using (var store = await _host.OpenSqliteAsync())
        {
            await store.SaveKeyAsync(Make.Key("before"), default);
            await store.BackupAsync(Target, default);
            await store.SaveKeyAsync(Make.Key("after"), default);
        }

        SqliteBackup.Restore(Options, Target, Make.Start);

        await using var restored = await _host.OpenSqliteAsync();
        Assert.Equal(["before"], (await restored.ListKeysAsync(default)).Select(k => k.Name));
    }

    [Fact]
    public async Task Restore_NewDirectory_KeepsNothingAsideAndServes()
    {
        await using (var store = await _host.OpenSqliteAsync())
        {
            await store.SaveKeyAsync(Make.Key("before"), default);
            await store.BackupAsync(Target, default);
        }

        var options = new SqliteStorageOptions { DataDirectory = Path.Combine(_elsewhere.Path, "new") };
        Assert.Null(SqliteBackup.Restore(options, Target, Make.Start));

        Assert.Equal(["ucaptcha.db", "ucaptcha.lock"], Directory.GetFiles(options.DataDirectory).Select(Path.GetFileName).Order());
        await using var restored = await SqliteStore.OpenAsync(options, TimeProvider.System);
        Assert.Equal(["before"], (await restored.ListKeysAsync(default)).Select(k => k.Name));
    }

    [Fact]
    public async Task Restore_DirectoryInUseOrFileDamaged_ChangesNothing()
    {
        await using (var store = await _host.OpenSqliteAsync())
        {
            await store.BackupAsync(Target, default);
            Assert.Throws<StoreInUseException>(() => SqliteBackup.Restore(Options, Target, Make.Start));
            await Assert.ThrowsAsync<IOException>(() => store.BackupAsync(Target, default).AsTask());
        }

        var before = await File.ReadAllBytesAsync(_host.DatabasePath);
        var damaged = await File.ReadAllBytesAsync(Target);
        Array.Fill<byte>(damaged, 0x55, 5000, 20_000);
        await File.WriteAllBytesAsync(Target, damaged);
        Assert.Throws<StoreUnavailableException>(() => SqliteBackup.Restore(Options, Target, Make.Start));
        await File.WriteAllTextAsync(Target, new string('x', 9000));
        Assert.Throws<StoreUnavailableException>(() => SqliteBackup.Restore(Options, Target, Make.Start));
        Assert.Throws<FileNotFoundException>(() => SqliteBackup.Restore(Options, Target + ".none", Make.Start));
        Assert.Equal(before, await File.ReadAllBytesAsync(_host.DatabasePath));
    }

    [Fact(Skip = "Windows has no file modes.", SkipWhen = nameof(IsWindows))]
    [UnsupportedOSPlatform("windows")]
    public async Task Backup_AndWhatIsRestored_AreForTheOwnerAlone()
    {
        await using (var store = await _host.OpenSqliteAsync())
            await store.BackupAsync(Target, default);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));

        File.SetUnixFileMode(Target, File.GetUnixFileMode(Target) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        SqliteBackup.Restore(Options, Target, Make.Start);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_host.DatabasePath));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _elsewhere.Dispose();
        return _host.DisposeAsync();
    }

    private static async Task<Guid> AcceptAsync(SqliteStore store, StoredKey key)
    {
        var task = Make.Task(key.Id, reserve: 1);
        Assert.Equal(AcceptResult.Accepted, (await store.AcceptAsync(task, default)).Result);
        return task.Id;
    }
}
