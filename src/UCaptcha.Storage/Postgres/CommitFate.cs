using Npgsql;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>Finds out whether a transaction was committed whose connection broke before the answer came.</summary>
internal sealed class CommitFate(PostgresConnections connections, TimeSpan patience, TimeProvider time, FailureLog log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when it was committed.</summary>
    /// <param name="transaction">Its number.</param>
    /// <param name="failure">What broke the connection.</param>
    /// <param name="ended">Gets the places that were committed with it.</param>
    /// <exception cref="CommitUnsureException">The database did not say so in time.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">It was not committed.</exception>
    public void Resolve(string transaction, Exception failure, EndedTasks ended)
    {
        var begun = time.GetTimestamp();
        do
        {
            if (TryAsk(transaction, ended) is { } committed)
            {
                log.CommitResolved(committed, failure);
                if (committed)
                    return;
                throw PostgresFailures.Translate(failure);
            }

            Task.Delay(Pause, time).Wait();
        }
        while (time.GetElapsedTime(begun) < patience);

        throw new CommitUnsureException(failure);
    }

    /// <summary>Null while it is not known.</summary>
    private bool? TryAsk(string transaction, EndedTasks ended)
    {
        try
        {
            using var connection = connections.OpenWriter();
            using var fate = new NpgsqlCommand("SELECT pg_xact_status($1::xid8)", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = transaction } } };
            switch (fate.ExecuteScalar() as string)
            {
                case "committed":
                    ended.ReadPlaces(connection);
                    return true;
                case "aborted":
                    return false;
                default:
                    return null;
            }
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}
