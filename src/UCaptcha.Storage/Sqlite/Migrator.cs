using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace UCaptcha.Storage.Sqlite;

/// <summary>Brings a database to the latest schema. Its version is the database's user_version.</summary>
internal static class Migrator
{
    private const string Folder = "Sqlite/";

    /// <summary>The embedded scripts by number, from 1 without gaps.</summary>
    private static readonly string[] Scripts = typeof(Migrator).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();

    public static int Latest => Scripts.Length;

    public static int Version(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA user_version");

    /// <exception cref="SchemaTooNewException">A later program wrote it.</exception>
    public static void Check(SqliteConnection connection)
    {
        if (Version(connection) is var version && version > Latest)
            throw new SchemaTooNewException(version, Latest);
    }

    /// <summary>Runs what is missing, up to a version, each script in a transaction of its own together with its number.</summary>
    public static void Run(SqliteConnection connection, int? upTo = null)
    {
        for (var version = Version(connection) + 1; version <= (upTo ?? Latest); version++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Read(Scripts[version - 1]), transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"), transaction: transaction);
            transaction.Commit();
        }
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
