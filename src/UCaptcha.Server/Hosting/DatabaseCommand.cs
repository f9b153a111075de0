using System.Security.Cryptography;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers;
using UCaptcha.Server.Options;
using UCaptcha.Storage.Sqlite;

namespace UCaptcha.Server.Hosting;

/// <summary>The commands <c>backup FILE</c> and <c>restore FILE</c>; settings may follow, and say where the database is.</summary>
internal static class DatabaseCommand
{
    private const string Backup = "backup";
    private const string Restore = "restore";

    /// <summary>What may stand first on the command line.</summary>
    private static readonly string[] Names = [Backup, Restore];

    /// <summary>Whether the command line begins with a word, as opposed to a setting.</summary>
    public static bool IsMeant(string[] args) => args.FirstOrDefault() is { Length: > 0 } first && first[0] is not ('-' or '/') && !first.Contains('=', StringComparison.Ordinal);

    /// <summary>Runs the command and says what it did.</summary>
    /// <exception cref="SettingsException">There is no such command, the file is missing, or a setting cannot be used.</exception>
    public static void Run(string[] args, TimeProvider clock, TextWriter console)
    {
        if (!Names.Contains(args[0]))
            throw new SettingsException([$"There is no command '{args[0]}'. There are: {string.Join(", ", Names)}. Without a command the server starts, and settings are written as --UCaptcha:DefaultDialect=capmonster."]);
        if (args is not [var name, var file, ..] || file.StartsWith("--", StringComparison.Ordinal))
            throw new SettingsException([$"{args[0]} needs a file, such as: {args[0]} ucaptcha-copy.db"]);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args[2..], ContentRootPath = AppContext.BaseDirectory });
        var settings = new SetupReader(TaskCatalogue.Default, ProviderCatalogue.Create(clock), RandomNumberGenerator.Create()).Read(builder.Configuration).Settings;
        if (!settings.Storage.Provider.Equals("sqlite", StringComparison.OrdinalIgnoreCase))
            throw new SettingsException([$"{name} is for SQLite; PostgreSQL has pg_dump and pg_restore."]);

        var options = new SqliteStorageOptions { DataDirectory = settings.DataDirectory };
        if (name == Backup)
            console.WriteLine($"Copied to {Path.GetFullPath(file)}, {SqliteBackup.Take(options, file)} bytes.");
        else if (SqliteBackup.Restore(options, file, clock.GetUtcNow()) is { } kept)
            console.WriteLine($"Restored. The database that was there is kept as {kept}");
        else
            console.WriteLine("Restored. There was no database before.");
    }
}
