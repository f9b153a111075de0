using Microsoft.Data.Sqlite;
using UCaptcha.KillTest.Judging;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>A server whose disk can fail, an account that solves, and tasks that are under way.</summary>
internal sealed class DiskScenario : IAsyncDisposable
{
    private const string Account = "good";
    private const int Tasks = 6;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings;
    private readonly EmulatorProcess _emulator;
    private readonly List<string> _accepted = [];

    private DiskScenario(EmulatorProcess emulator)
    {
        _emulator = emulator;
        Directory.CreateDirectory(DataFolder);
        Faults = new SystemFaults(_folder.Path);
        _settings = emulator.Account(Account, "capmonster", ("Prices__RecaptchaV2", "1"));
        _settings["Keys__proof__Key"] = DiskClient.Key;
        _settings["Keys__proof__BudgetUsd"] = "1";
        _settings["Admin__Key"] = DiskClient.AdminKey;
    }

    public SystemFaults Faults { get; }

    public string DataFolder => Path.Combine(_folder.Path, "data");

    public ServerProcess Server { get; private set; } = null!;

    public DiskClient Client { get; private set; } = null!;

    /// <summary>Tasks whose ids were answered.</summary>
    public IReadOnlyList<string> Accepted => _accepted;

    public static async Task<DiskScenario> StartAsync(TimeSpan latency)
    {
        Assert.SkipUnless(SystemFaults.Installed, "libfiu is not installed (Debian: fiu-utils)");
        var scenario = new DiskScenario(await EmulatorProcess.StartAsync($"{Account}:capmonster,latency={latency.TotalMilliseconds}ms,price=1"));
        try
        {
            await scenario.StartServerAsync(scenario.Faults);
            return scenario;
        }
        catch
        {
            await scenario.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has tasks accepted and waits until the account has them all.</summary>
    public async Task SubmitAsync()
    {
        for (var i = 0; i < Tasks; i++)
            _accepted.Add((await Client.CreateAsync())["taskId"]!);
        await Eventually.TrueAsync(async () => await SubmittedAsync() == Tasks);
    }

    /// <summary>Waits until the account has solved what it has.</summary>
    public Task SolvedAsync() => Eventually.TrueAsync(async () => (await UpstreamAsync()).All(task => task.Solved));

    /// <summary>Kills the server, or has it stop in order, and starts another one on a disk that works.</summary>
    public async Task RestartAsync(bool killed)
    {
        if (killed)
            await Server.Program.KillAsync();
        else
            Assert.Equal(0, await Server.Program.StopAsync());
        await DisposeServerAsync();
        await StartServerAsync(faults: null);
    }

    /// <summary>Waits until nothing is under way, stops the server, and returns every broken promise.</summary>
    public async Task<IReadOnlyList<string>> JudgeAsync()
    {
        var broken = new List<string>();
        foreach (var id in _accepted)
        {
            Answer? result = null;
            await Eventually.TrueAsync(async () => (result = await Client.ResultAsync(id))["status"] != "processing");
            if (result!["status"] != "ready")
                broken.Add($"task {id} is {result.Text}");
        }

        await Eventually.TrueAsync(async () => (await Client.StatusAsync())["unfinishedTasks"] == "0");
        var balance = (await Client.BalanceAsync())["balance"]!;
        if (await Server.Program.StopAsync() != 0)
            broken.Add("the server did not stop in order");
        if (Server.Program.Output.Any(line => line.Contains("EMU-", StringComparison.Ordinal) || line.Contains(DiskClient.Key, StringComparison.Ordinal)))
            broken.Add("a solution or a key is in the log");

        var store = StoreRecord.ReadFile(Path.Combine(DataFolder, "ucaptcha.db"));
        var left = 1_000_000 - (store.Tasks.Count * 1000);
        if (balance != (left / 1e6m).ToString(System.Globalization.CultureInfo.InvariantCulture).TrimEnd('0'))
            broken.Add($"{store.Tasks.Count} tasks leave a balance of {balance}");
        if (!string.Equals(await ScalarAsync("PRAGMA integrity_check"), "ok", StringComparison.Ordinal))
            broken.Add("the file is damaged");
        if (await ScalarAsync("SELECT count(*) FROM ledger_proof WHERE kept <> proven") != "0")
            broken.Add("the ledger does not add up");
        return [.. broken, .. Oracle.Judge(store, [.. await UpstreamAsync()])];
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeServerAsync();
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartServerAsync(SystemFaults? faults)
    {
        Server = await ServerProcess.StartAsync(_settings, DataFolder, faults);
        Client = new DiskClient(Server);
    }

    private async Task DisposeServerAsync()
    {
        Client?.Dispose();
        if (Server is not null)
            await Server.DisposeAsync();
    }

    private async Task<IEnumerable<UpstreamTask>> UpstreamAsync() => UpstreamTask.Read(Account, await _emulator.ReportAsync(Account));

    // Committed, not only received: who is between the two would be lost by a kill.
    private async Task<long> SubmittedAsync() => long.Parse((await ScalarAsync("SELECT count(*) FROM attempts WHERE upstream_id IS NOT NULL"))!);

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(DataFolder, "ucaptcha.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
