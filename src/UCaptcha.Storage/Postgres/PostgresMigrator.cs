using System.Reflection;
using Dapper;
using Npgsql;

namespace UCaptcha.Storage.Postgres;

/// <summary>Brings a database to the latest schema. Nodes that start at the same time wait for the one that does it.</summary>
internal static class PostgresMigrator
{
    private const string Folder = "Postgres/";

    /// <summary>Any number that no other program is likely to lock.</summary>
    private const long Lock = 0x75636170746368;

    /// <summary>The embedded scripts by number, from 1 without gaps.</summary>
    private static readonly string[] Scripts = typeof(PostgresMigrator).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();

    public static int Latest => Scripts.Length;

    /// <summary>Runs what is missing, up to a version, each script in a transaction of its own together with its number.</summary>
    /// <exception cref="SchemaTooNewException">A later program wrote the database.</exception>
    public static void Run(NpgsqlConnection connection, int? upTo = null)
    {
        // A writer's patience is for transactions that others wait for many times a second; a machine under load may pause longer between two of these
        // statements. Only a node that is gone for good ends here.
        connection.Execute("SET lock_timeout = 0; SET idle_in_transaction_session_timeout = '1min'");
        while (Step(connection, upTo ?? Latest))
        {
        }
    }

    public static int Version(NpgsqlConnection connection) => connection.ExecuteScalar<int>("SELECT coalesce(max(version), 0) FROM schema_version");

    /// <summary>Runs the next script. False when none is missing.</summary>
    private static bool Step(NpgsqlConnection connection, int upTo)
    {
        using var transaction = connection.BeginTransaction();
        // Of the transaction, so that it ends with it also where a pool between here and the database lends another connection for the next one.
        connection.Execute("SELECT pg_advisory_xact_lock(@Lock)", new { Lock }, transaction, commandTimeout: 0);
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)", transaction: transaction);
        var version = Version(connection);
        if (version > Latest)
            throw new SchemaTooNewException(version, Latest);
        var missing = version < upTo;
        if (missing)
        {
            version++;
            connection.Execute(Read(Scripts[version - 1]), transaction: transaction, commandTimeout: 0);
            connection.Execute("DELETE FROM schema_version; INSERT INTO schema_version VALUES (@version)", new { version }, transaction);
        }

        transaction.Commit();
        return missing;
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
