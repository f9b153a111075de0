namespace UCaptcha.Storage.Tests.Support;

/// <summary>A directory of its own for one test.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ucaptcha-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
