using Dapper;
using Npgsql;
using UCaptcha.KillTest.Judging;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>A server on a PostgreSQL that refuses every write for a time, with whichever error it is told, as one does whose disk is full.</summary>
public sealed class PostgresTrouble : IAsyncLifetime
{
    /// <summary>What the database says then; nobody else is to hear it.</summary>
    public const string Message = "said by the database alone";

    private const string Account = "good";
    private const int Tasks = 4;

    /// <summary>Every table fails, at each statement that writes to it or at the commit.</summary>
    private const string Prepare =
        $"""
        CREATE TABLE trouble (code text NOT NULL, level text NOT NULL, spared text NOT NULL);
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE wanted text := (SELECT code FROM trouble WHERE level = TG_LEVEL AND spared <> TG_TABLE_NAME);
            BEGIN
                IF wanted IS NOT NULL THEN RAISE EXCEPTION '{Message}' USING ERRCODE = wanted; END IF;
                RETURN NULL;
            END $$;
        DO $$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'trouble' LOOP
                    EXECUTE format('CREATE TRIGGER fail BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION fail()', name);
                    EXECUTE format('CREATE CONSTRAINT TRIGGER fail_late AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()', name);
                END LOOP;
            END $$;
        """;

    private readonly List<string> _accepted = [];
    private PostgresCluster _cluster = null!;
    private EmulatorProcess _emulator = null!;
    private string _database = "";

    internal ServerProcess Server { get; private set; } = null!;

    internal DiskClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!PostgresCluster.IsInstalled)
            return;
        _cluster = await PostgresCluster.StartAsync("fsync=off");
        _database = await _cluster.CreateDatabaseAsync();
        _emulator = await EmulatorProcess.StartAsync($"{Account}:capmonster,price=1");
        var settings = _emulator.Account(Account, "capmonster", ("Prices__RecaptchaV2", "1"));
        settings["Keys__proof__Key"] = DiskClient.Key;
        settings["Keys__proof__BudgetUsd"] = "1";
        settings["Admin__Key"] = DiskClient.AdminKey;
        settings["Storage__Provider"] = "postgres";
        settings["Storage__ConnectionString"] = _database;
        Server = await ServerProcess.StartAsync(settings);
        Client = new DiskClient(Server);
        await ExecuteAsync(Prepare);
    }

    /// <summary>Has tasks accepted and waits until the account has them all; it does not solve them yet.</summary>
    public async Task<IReadOnlyList<string>> SubmitAsync()
    {
        await _emulator.ChangeAsync(Account, "latency", "600s");
        string[] ids = [.. (await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => Client.CreateAsync()))).Select(answer => answer["taskId"]!)];
        _accepted.AddRange(ids);
        await Eventually.TrueAsync(async () => await CountAsync("SELECT count(*) FROM attempts WHERE upstream_id IS NOT NULL") == _accepted.Count);
        return ids;
    }

    /// <summary>Every write fails from now on.</summary>
    /// <param name="sqlState">How.</param>
    /// <param name="atCommit">Not before the commit.</param>
    /// <param name="spared">A table that takes writes all the same, as one does on a full disk that need not grow.</param>
    public Task BeginAsync(string sqlState, bool atCommit, string spared) =>
        ExecuteAsync($"INSERT INTO trouble VALUES ('{sqlState}', '{(atCommit ? "ROW" : "STATEMENT")}', '{spared}')");

    /// <summary>Writes work again.</summary>
    public Task EndAsync() => ExecuteAsync("TRUNCATE trouble");

    /// <summary>Has the account solve what it has, and be asked for it.</summary>
    public async Task SolveAsync()
    {
        await _emulator.ChangeAsync(Account, "latency", "0ms");
        await Eventually.TrueAsync(async () => (await _emulator.ReportAsync(Account)).GetProperty("tasks").EnumerateArray().All(task => task.GetProperty("delivered").GetInt32() > 0));
    }

    /// <summary>Has one more task accepted, waits until all have ended, and returns every broken promise.</summary>
    public async Task<IReadOnlyList<string>> JudgeAsync()
    {
        string? more = null;
        await Eventually.TrueAsync(async () => (more = (await Client.CreateAsync())["taskId"]) is not null);
        _accepted.Add(more!);
        await Eventually.TrueAsync(async () => await CountAsync("SELECT count(*) FROM tasks WHERE state < 3 OR sequence IS NULL") == 0);
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        var store = StoreRecord.Read(connection);
        var broken = new List<string>();
        if (store.Tasks.Count != _accepted.Count)
            broken.Add($"{_accepted.Count} tasks were accepted and {store.Tasks.Count} are stored");
        foreach (var id in _accepted)
        {
            if (await Client.ResultAsync(id) is var result && result["status"] != "ready")
                broken.Add($"task {id} is {result.Text}");
        }

        var left = (1_000_000 - (store.Tasks.Count * 1000)) / 1e6m;
        if ((await Client.BalanceAsync())["balance"] is var balance && balance != left.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture))
            broken.Add($"{store.Tasks.Count} tasks leave a balance of {balance}");
        return [.. broken, .. Oracle.Judge(store, [.. await UpstreamAsync()])];
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Server is not null)
            await Server.DisposeAsync();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private async Task<IEnumerable<UpstreamTask>> UpstreamAsync() => UpstreamTask.Read(Account, await _emulator.ReportAsync(Account));

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.ExecuteAsync(sql);
    }
}
