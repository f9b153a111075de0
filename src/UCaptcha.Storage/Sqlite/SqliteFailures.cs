using Microsoft.Data.Sqlite;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sqlite;

/// <summary>What a caller is told of a failure of SQLite.</summary>
internal static class SqliteFailures
{
    private const int Constraint = 19;

    /// <summary>A broken constraint is the caller's mistake; any other error of SQLite means that the store is not to be had.</summary>
    public static Exception Translate(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: Constraint } e => new InvalidOperationException($"The write contradicts what is stored: {e.Message}", e),
        SqliteException e => new StoreUnavailableException($"The store failed: {e.Message}", e),
        _ => failure,
    };
}
