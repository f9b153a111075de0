using System.Runtime.Versioning;
using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sqlite;
using UCaptcha.Storage.Tests.Support;

namespace UCaptcha.Storage.Tests.Sqlite;

public sealed class OwnershipTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public static bool IsWindows => OperatingSystem.IsWindows();

    [Fact]
    public async Task Open_DirectoryInUse_SaysSoAndLeavesTheOwnerAlone()
    {
        await using var owner = await OpenAsync();

        var refused = await Assert.ThrowsAsync<StoreInUseException>(() => OpenAsync().AsTask());

        Assert.Contains(_directory.Path, refused.Message);
        Assert.Contains("in use by another process", refused.Message);
        await owner.SaveKeyAsync(Make.Key(), CancellationToken.None);
    }

    [Fact]
    public async Task Open_OwnerClosed_OpensAtOnce()
    {
        await (await OpenAsync()).DisposeAsync();

        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Open_OwnerIsAnotherProcess_RefusedUntilThatIsKilled()
    {
        using var other = ProbeProcess.StartEndless(_directory.Path);
        await other.ReadIdsAsync(1);

        await Assert.ThrowsAsync<StoreInUseException>(() => OpenAsync().AsTask());

        other.Kill();
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Open_DirectoryMissing_MakesItForItsOwnerOnly()
    {
        var path = Path.Combine(_directory.Path, "a", "b");
        await using var store = await SqliteStore.OpenAsync(new SqliteStorageOptions { DataDirectory = path }, TimeProvider.System);

        Assert.True(File.Exists(Path.Combine(path, "ucaptcha.db")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact(Skip = "Windows has no file modes.", SkipWhen = nameof(IsWindows))]
    [UnsupportedOSPlatform("windows")]
    public async Task Open_EverybodyMayLookIntoTheDirectory_DatabaseAndJournalAreForTheOwnerAlone()
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(_directory.Path, Owner | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await using var store = await OpenAsync();

        foreach (var file in (string[])["ucaptcha.db", "ucaptcha.db-wal"])
            Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(_directory.Path, file)));
    }

    [Fact]
    public async Task Open_DirectoryIsAFile_IsUnavailable()
    {
        var path = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(path, "x");

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => SqliteStore.OpenAsync(new SqliteStorageOptions { DataDirectory = path }, TimeProvider.System).AsTask());

        Assert.Contains(path, failure.Message);
    }

    public void Dispose() => _directory.Dispose();

    private ValueTask<SqliteStore> OpenAsync() =>
        SqliteStore.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory.Path }, TimeProvider.System);
}
