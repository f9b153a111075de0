using System.Net.Sockets;
using System.Text;
using Npgsql;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Postgres;

/// <summary>What a caller is told of a failure of PostgreSQL.</summary>
internal static class PostgresFailures
{
    private const string DataException = "22";
    private const string IntegrityConstraint = "23";

    /// <summary>A value that cannot be kept or contradicts what is, is the caller's mistake; any other error of the database or of the connection means that the store is not to be had.</summary>
    public static Exception Translate(Exception failure) => failure switch
    {
        StoreUnavailableException => failure,
        EncoderFallbackException => new InvalidOperationException($"The write has a text that is none: {failure.Message}", failure),
        PostgresException e when e.SqlState[..2] is DataException or IntegrityConstraint =>
            new InvalidOperationException($"The write contradicts what is stored: {e.MessageText}", e),
        PostgresException e => new StoreUnavailableException($"The store failed: {e.SqlState} {e.MessageText}", e),
        NpgsqlException or SocketException or TimeoutException or IOException or ObjectDisposedException =>
            new StoreUnavailableException($"The store failed: {failure.Message}", failure),
        _ => failure,
    };
}
