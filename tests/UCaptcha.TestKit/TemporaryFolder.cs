namespace UCaptcha.TestKit;

/// <summary>A folder of a test's own, removed with what is in it.</summary>
/// <param name="inMemory">Keeps it off the disk where the system has a file system in memory, so that it does not disturb what is measured.</param>
public sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    private const string MemoryFileSystem = "/dev/shm";

    /// <summary>Where it is.</summary>
    public string Path { get; } = inMemory && Directory.Exists(MemoryFileSystem)
        ? Directory.CreateDirectory(System.IO.Path.Combine(MemoryFileSystem, $"ucaptcha-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("ucaptcha-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
