using Npgsql;
using UCaptcha.Storage.Sql;
using UCaptcha.Storage.Sql.Writing;

namespace UCaptcha.Storage.Postgres;

/// <summary>Finds out whether a transaction was committed whose connection broke before the answer came.</summary>
internal sealed class CommitFate(PostgresConnections connections, TimeSpan patience, TimeProvider time, FailureLog log)
{
    /// <summary>Changes nothing, and waits for the standby as every commit does: what was committed before is there too then.</summary>
    private const string Touch = "UPDATE counters SET value = value WHERE name = 'keys_version'";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private enum Answer
    {
        NotYet,
        Committed,
        Aborted,

        /// <summary>The server that was asked is another one, or does not tell whether it is, and cannot know.</summary>
        Lost,
    }

    /// <summary>Returns when it was committed.</summary>
    /// <param name="transaction">Its number.</param>
    /// <param name="timeline">In which history; null where the database does not tell.</param>
    /// <param name="failure">What broke the connection.</param>
    /// <param name="ended">Gets the places that were committed with it.</param>
    /// <exception cref="CommitUnsureException">The database did not say so in time, or may have given the number to another since.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">It was not committed.</exception>
    public void Resolve(string transaction, string? timeline, Exception failure, EndedTasks ended)
    {
        var begun = time.GetTimestamp();
        Answer answer;
        while ((answer = Ask(transaction, timeline, ended)) == Answer.NotYet && time.GetElapsedTime(begun) < patience)
            Task.Delay(Pause, time).Wait();
        switch (answer)
        {
            case Answer.Committed:
                log.CommitResolved(true, failure);
                return;
            case Answer.Aborted:
                log.CommitResolved(false, failure);
                throw PostgresFailures.Translate(failure);
            default:
                throw new CommitUnsureException(failure);
        }
    }

    private Answer Ask(string transaction, string? timeline, EndedTasks ended)
    {
        try
        {
            using var connection = connections.OpenWriter();
            if (timeline is null || Timeline.Of(connection) != timeline)
                return Answer.Lost;
            using var fate = new NpgsqlCommand("SELECT pg_xact_status($1::xid8)", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = transaction } } };
            switch (fate.ExecuteScalar() as string)
            {
                case "committed":
                    ended.ReadPlaces(connection);
                    return IsWithStandby(connection) ? Answer.Committed : Answer.NotYet;
                case "aborted":
                    return Answer.Aborted;
                default:
                    return Answer.NotYet;
            }
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return Answer.NotYet;
        }
    }

    private bool IsWithStandby(NpgsqlConnection connection)
    {
        using var wait = new StandbyWait(connection);
        using var touch = new NpgsqlCommand(Touch, connection) { CommandTimeout = Math.Max(1, (int)patience.TotalSeconds) };
        touch.ExecuteNonQuery();
        return wait.Cancelled is null;
    }
}
