using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sqlite;

/// <summary>
/// Knows whether an open database is still the file at its path. A file that was moved or deleted can be written all the same, and what
/// is written there is lost for whoever opens the path next.
/// </summary>
internal sealed partial class FilePlace(SqliteConnection connection)
{
    /// <summary>SQLITE_FCNTL_HAS_MOVED.</summary>
    private const int HasMoved = 20;
    private const string JournalSuffix = "-wal";

    private readonly string _journal = connection.DataSource + JournalSuffix;

    /// <summary>Costs two looks at the folder.</summary>
    /// <exception cref="StoreUnavailableException">The database or its journal is somewhere else or gone.</exception>
    public void Check()
    {
        var moved = 0;
        // Where the system cannot tell, it does not let an open file be moved either.
        _ = Control(connection.Handle!, "main", HasMoved, ref moved);
        if (moved != 0 || !File.Exists(_journal))
            throw new StoreUnavailableException(
                $"The database '{connection.DataSource}' was moved, replaced or deleted while it was open: put it back, or restart the server.");
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Control(SafeHandle database, string name, int operation, ref int value);
}
