using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>Budgets, top-ups, refunds and the proof, over HTTP.</summary>
public sealed class MoneyTests
{
    [Fact]
    public async Task CreateTask_AThousandClientsAtOnceOnOneBudget_SpendIsTheBudgetToTheMicroDollar()
    {
        using var folder = new TemporaryFolder();
        await using var scenario = await Scenario.StartAsync(
            ["a:capmonster,latency=30ms,price=1"],
            // On a busy machine a thousand at once are overload: all are to be let in here.
            new Dictionary<string, string>
            {
                ["Keys__test__BudgetUsd"] = "0.300999",
                ["Providers__a__Prices__RecaptchaV2"] = "1",
                ["Engine__MaxAcceptDelayMs"] = "0",
            },
            folder.Path);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ =>
            scenario.Api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""")));

        Assert.Equal(
            [(HttpStatusCode.OK, 300), (HttpStatusCode.PaymentRequired, 700)],
            answers.GroupBy(answer => answer.Status).Select(group => (group.Key, group.Count())).Order());
        await Eventually.TrueAsync(async () => await NumberAsync(folder, "SELECT count(*) FROM tasks WHERE state < 3") == 0);
        Assert.Equal(300_000, await NumberAsync(folder, "SELECT sum(amount_micros) FROM ledger WHERE kind = 'charge'"));
        Assert.Equal(0, await NumberAsync(folder, "SELECT count(*) FROM ledger_proof WHERE kept <> proven"));
        Assert.Equal(0.000999, await scenario.Api.BalanceAsync());
        Assert.Equal(300, await scenario.Emulator.ReceivedAsync("a"));
    }

    [Theory]
    [InlineData("true", 1.0)]
    [InlineData("false", 0.998)]
    public async Task FeedbackTask_BadTwice_RefundsOnceWhereThatIsSet(string refund, double balance)
    {
        using var folder = new TemporaryFolder();
        await using var scenario = await Scenario.StartAsync(
            ["a:capmonster,latency=20ms,price=2"],
            new Dictionary<string, string>
            {
                ["Keys__test__BudgetUsd"] = "1",
                ["Providers__a__Prices__RecaptchaV2"] = "2",
                ["Engine__RefundBadReports"] = refund,
            },
            folder.Path);
        var id = await scenario.Api.CreateAsync();
        Assert.Equal(0.002, (await scenario.Api.EndAsync(id)).GetProperty("cost").GetDouble());
        Assert.Equal(0.998, await scenario.Api.BalanceAsync());

        for (var i = 0; i < 2; i++)
            await scenario.Api.PostAsync("/feedbackTask", $$$"""{"clientKey":"{{{Scenario.Key}}}","taskId":"{{{id}}}","result":{"invalid":true}}""");

        Assert.Equal(balance, await scenario.Api.BalanceAsync());
        Assert.Equal(0, await NumberAsync(folder, "SELECT count(*) FROM ledger_proof WHERE kept <> proven"));
    }

    [Theory]
    [InlineData("1", "ready")]
    [InlineData("0.002", "failed")]
    public async Task Restart_ThePriceRoseMeanwhile_IsToppedUpWithinTheBudget(string budget, string status)
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("a:capmonster,latency=20ms,price=3,mode=busy");
        var settings = Scenario.Settings(emulator, ["a:capmonster"], new Dictionary<string, string>
        {
            ["Keys__test__BudgetUsd"] = budget,
            ["Providers__a__Prices__RecaptchaV2"] = "1",
        });
        string id;
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            id = await api.CreateAsync();
            // Killed in the middle of a submission, the task would never go to this account again.
            await Eventually.TrueAsync(async () => await NumberAsync(folder, "SELECT count(*) FROM attempts WHERE state > 1") > 0);
            await first.Program.KillAsync();
        }

        Assert.Equal(1000, await NumberAsync(folder, "SELECT reserved_micros FROM tasks"));
        await emulator.ChangeAsync("a", "mode", "ok");
        settings["Providers__a__Prices__RecaptchaV2"] = "3";
        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        using var again = new Api(second, Scenario.Key);
        var end = await again.EndAsync(id);

        Assert.Equal(status, end.GetProperty("status").GetString());
        if (status == "ready")
            Assert.Equal(0.003, end.GetProperty("cost").GetDouble());
        else
            Assert.Equal("ERROR_ZERO_BALANCE", end.GetProperty("errorCode").GetString());
        Assert.Equal(0, await NumberAsync(folder, "SELECT count(*) FROM ledger_proof WHERE kept <> proven"));
        Assert.Equal(status == "ready" ? 0.997 : 0.002, await again.BalanceAsync());
    }

    [Fact]
    public async Task CreateTask_SameRequestIdAfterRestartAndPurge_IsTheSameTaskAndTellsItsEnd()
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("a:capmonster,latency=20ms,price=1");
        var settings = Scenario.Settings(emulator, ["a:capmonster"], new Dictionary<string, string> { ["Providers__a__Prices__RecaptchaV2"] = "1" });
        const string Once = ""","requestId":"once" """;
        string id;
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.CreateAsync(more: Once)));
            id = Assert.Single(ids.Distinct());
            await api.EndAsync(id);
            await first.Program.KillAsync();
        }

        await ExecuteAsync(folder, "UPDATE tasks SET created_at = created_at - 7200000, finished_at = finished_at - 7200000");
        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        using var again = new Api(second, Scenario.Key);
        await Eventually.TrueAsync(async () => await NumberAsync(folder, "SELECT count(*) FROM tasks") == 0);
        var (status, body) = await again.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}{{Once}}}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((id, "ready", 0.001), (body.GetProperty("taskId").GetString(), body.GetProperty("status").GetString(), body.GetProperty("cost").GetDouble()));
        Assert.False(body.TryGetProperty("solution", out _));
        var (solved, solvedBody) = await again.PostAsync("/solveTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}{{Once}}}""");
        Assert.Equal((HttpStatusCode.OK, id), (solved, solvedBody.GetProperty("taskId").GetString()));
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await again.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task(url: "https://example.org")}}{{Once}}}""")).Status);
        Assert.Equal(1, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task CreateTask_RequestIdOfNearlyADayAgo_IsTheSameTaskAndOneOfMoreIsANewTask()
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("a:capmonster,latency=20ms");
        var settings = Scenario.Settings(emulator, ["a:capmonster"], settings: null);
        const string Kept = ""","requestId":"kept" """;
        const string Over = ""","requestId":"over" """;
        string kept, over;
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            (kept, over) = (await api.CreateAsync(more: Kept), await api.CreateAsync(more: Over));
            await api.EndAsync(kept);
            await api.EndAsync(over);
            await first.Program.KillAsync();
        }

        await ExecuteAsync(folder, "UPDATE request_ids SET used_at = used_at - 3600000 * CASE request_id WHEN 'kept' THEN 23 ELSE 25 END");
        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        using var again = new Api(second, Scenario.Key);
        await Eventually.TrueAsync(async () => await NumberAsync(folder, "SELECT count(*) FROM request_ids") < 2);

        Assert.Equal(kept, await again.CreateAsync(more: Kept));
        Assert.NotEqual(over, await again.CreateAsync(more: Over));
    }

    [Fact]
    public async Task Call_KeyWithARate_IsRefusedBeyondIt()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__slow__Key"] = "slow-key-1",
            ["Keys__slow__RatePer10s"] = "3",
            ["Keys__free__Key"] = "free-key-1",
        });
        using var slow = new Api(server, "slow-key-1");
        var answers = new List<(HttpStatusCode Status, JsonElement Body)>();
        // Two windows at most: six may pass.
        for (var i = 0; i < 8; i++)
            answers.Add(await slow.PostAsync("/getBalance", """{"clientKey":"slow-key-1"}"""));

        Assert.Equal(HttpStatusCode.OK, answers[0].Status);
        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList();
        Assert.InRange(refused.Count, 2, 5);
        Assert.All(refused, answer => Assert.Equal(
            (HttpStatusCode.TooManyRequests, "ERROR_RATE_LIMIT"), (answer.Status, answer.Body.GetProperty("errorCode").GetString())));
        using var free = new Api(server, "free-key-1");
        Assert.Equal(1000, await free.BalanceAsync());
    }

    [Fact]
    public async Task Backup_OfARunningServer_RestoresElsewhereAndServes()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var copy = Path.Combine(other.Path, "copy.db");
        var settings = new Dictionary<string, string> { ["Keys__a__Key"] = "key-of-a", ["Keys__a__BudgetUsd"] = "1" };
        string id;
        await using (var server = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(server, "key-of-a");
            id = await api.CreateAsync();
            await api.EndAsync(id);
            Assert.Equal((0, true), await RunAsync("backup", copy, folder.Path, "Copied to"));
            Assert.Equal((1, true), await RunAsync("backup", copy, folder.Path, "exists"));
            Assert.Equal((1, true), await RunAsync("restore", copy, folder.Path, "in use"));
        }

        Assert.Equal((0, true), await RunAsync("restore", copy, other.Path, "Restored"));
        Assert.Equal((2, true), await RunAsync("restore", "--UCaptcha:DefaultDialect=ucaptcha", other.Path, "needs a file"));
        await using var restored = await ServerProcess.StartAsync(settings, other.Path);
        using var again = new Api(restored, "key-of-a");
        Assert.Equal("ready", (await again.ResultAsync(id)).GetProperty("status").GetString());
        Assert.Equal("ready", (await again.EndAsync(await again.CreateAsync())).GetProperty("status").GetString());
    }

    private static async Task<(int Code, bool Said)> RunAsync(string command, string file, string dataFolder, string says)
    {
        await using var program = ProgramProcess.Start(
            "dotnet",
            [Repository.ProgramOf("src/UCaptcha.Server"), command, file],
            new Dictionary<string, string> { ["UCaptcha__DataDirectory"] = dataFolder });
        var code = await program.WaitForExitAsync();
        return (code, program.Output.Any(line => line.Contains(says, StringComparison.Ordinal)));
    }

    private static async Task<long> NumberAsync(TemporaryFolder folder, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "ucaptcha.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    private static Task ExecuteAsync(TemporaryFolder folder, string sql) => NumberAsync(folder, sql);
}
