using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sqlite;

/// <summary>Owns a data directory while it lives. The operating system frees the lock of a process that was killed.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        DatabasePath = DatabaseOf(path);
        _lock = held;
    }

    public string DatabasePath { get; }

    /// <summary>The database of a directory, whoever owns it.</summary>
    public static string DatabaseOf(string directory) => Path.Combine(Path.GetFullPath(directory), "ucaptcha.db");

    /// <exception cref="StoreInUseException">It has an owner.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be made or written.</exception>
    public static DataDirectory Own(string directory)
    {
        var path = Path.GetFullPath(directory);
        try
        {
            Create(path);

            // The file stays when it is let go of: deleting it would let two processes lock two files of one name.
            var owned = new DataDirectory(path, new FileStream(Path.Combine(path, "ucaptcha.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            owned.MakeDatabase();
            return owned;
        }
        catch (IOException e) when (e.HResult is SharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            throw new StoreInUseException(
                $"The data directory '{path}' is in use by another process. Stop that one, or give this one a data directory of its own.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The data directory '{path}' cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>SQLite would make one that others may read, and its journals are as the file is.</summary>
    private void MakeDatabase()
    {
        try
        {
            if (!File.Exists(DatabasePath))
                OwnersFile.Create(DatabasePath).Dispose();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
