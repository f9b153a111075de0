using Dapper;
using Npgsql;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>Two servers on one database, with emulated accounts.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    /// <summary>Short enough to wait for a takeover, and too long to run out, or to have a writer cut off, on a machine that pauses for a second or two.</summary>
    public const string LeaseSeconds = "12";

    private TwoNodes(string database, Dictionary<string, string> settings, EmulatorProcess emulator, ServerProcess a, ServerProcess b) =>
        (Database, Settings, Emulator, A, B, ApiA, ApiB) = (database, settings, emulator, a, b, new Api(a, Scenario.Key), new Api(b, Scenario.Key));

    public string Database { get; }

    /// <summary>What both were started with, and any other node has to be.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public EmulatorProcess Emulator { get; }

    public ServerProcess A { get; }

    public ServerProcess B { get; }

    public Api ApiA { get; }

    public Api ApiB { get; }

    /// <summary>Starts them.</summary>
    /// <param name="postgres">Where the database is made.</param>
    /// <param name="accounts">For the emulator.</param>
    /// <param name="settings">Of both; later ones win.</param>
    /// <param name="prepare">What is run on the database before they start, or null.</param>
    public static async Task<TwoNodes> StartAsync(
        PostgresFixture postgres, string[] accounts, Dictionary<string, string>? settings = null, string? prepare = null)
    {
        var database = await postgres.CreateDatabaseAsync();
        if (prepare is not null)
            await QueryAsync(database, prepare);
        var emulator = await EmulatorProcess.StartAsync(accounts);
        var all = Scenario.Settings(emulator, accounts, settings);
        all["Storage__Provider"] = "postgres";
        all["Storage__ConnectionString"] = database;
        all["Storage__LeaseSeconds"] = LeaseSeconds;
        all["Admin__Key"] = AdminApi.Key;
        ServerProcess? a = null;
        try
        {
            a = await ServerProcess.StartAsync(all);
            return new TwoNodes(database, all, emulator, a, await ServerProcess.StartAsync(all));
        }
        catch
        {
            if (a is not null)
                await a.DisposeAsync();
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>A number from the database.</summary>
    public Task<long> QueryAsync(string sql) => QueryAsync(Database, sql);

    /// <summary>Waits until each node knows of the other.</summary>
    public async Task MeetAsync()
    {
        foreach (var node in (ServerProcess[])[A, B])
        {
            using var admin = new AdminApi(node);
            await Eventually.TrueAsync(async () => ExpositionParser.Parse(await admin.MetricsAsync()).Samples["ucaptcha_nodes_alive"] == 2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ApiA.Dispose();
        ApiB.Dispose();
        await A.DisposeAsync();
        await B.DisposeAsync();
        await Emulator.DisposeAsync();
    }

    private static async Task<long> QueryAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
