using Npgsql;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// Which history a server writes. A standby that becomes the primary begins a new one, in which it gives the numbers of transactions that it had not
/// heard of to others. A server that recovers from a crash does the same with the numbers that had not come to its disk, on the timeline that it had:
/// it starts anew, or its first process stays and begins its statistics anew.
/// </summary>
internal static class Timeline
{
    private const string Current =
        """
        SELECT concat_ws(' ', left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), pg_postmaster_start_time(), (SELECT stats_reset FROM pg_stat_bgwriter))
        """;

    /// <summary>The one of a primary; null where the database does not tell, as services do that replicate in ways of their own.</summary>
    public static string? Of(NpgsqlConnection connection)
    {
        try
        {
            using var command = new NpgsqlCommand(Current, connection);
            return command.ExecuteScalar() as string;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedFunction)
        {
            return null;
        }
    }
}
