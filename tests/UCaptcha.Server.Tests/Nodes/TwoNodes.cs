using Dapper;
using Npgsql;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>Two servers on one database, with emulated accounts.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
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

    public static async Task<TwoNodes> StartAsync(PostgresFixture postgres, string[] accounts, Dictionary<string, string>? settings = null)
    {
        var database = await postgres.CreateDatabaseAsync();
        var emulator = await EmulatorProcess.StartAsync(accounts);
        var all = Scenario.Settings(emulator, accounts, settings);
        all["Storage__Provider"] = "postgres";
        all["Storage__ConnectionString"] = database;
        all.TryAdd("Storage__LeaseSeconds", "4");
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
    public async Task<long> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        ApiA.Dispose();
        ApiB.Dispose();
        await A.DisposeAsync();
        await B.DisposeAsync();
        await Emulator.DisposeAsync();
    }
}
