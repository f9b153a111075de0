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
    public static IReadOnlyList<string> Names { get; } = [Backup, Restore];

    /// <summary>Runs the command and says what it did.</summary>
    /// <exception cref="SettingsException">The file is missing, or a setting cannot be used.</exception>
    public static void Run(string[] args, TimeProvider clock, TextWriter console)
    {
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
