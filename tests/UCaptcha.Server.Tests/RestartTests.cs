using Microsoft.Data.Sqlite;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>What was accepted survives, whatever ends the process.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Kill_TwoHundredTasksUnderWay_AllEndReadyAndNoneIsSubmittedTwice()
    {
        const int Tasks = 200;
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("a:capmonster,latency=3s");
        var settings = Scenario.Settings(emulator, ["a:capmonster"], null);
        var ids = new string[Tasks];
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            await Parallel.ForAsync(0, Tasks, async (i, _) => ids[i] = await api.CreateAsync());
            await Eventually.TrueAsync(() => SubmittedAsync(folder.Path, Tasks));
            await first.Program.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        Assert.Contains(second.Program.Output, line => line.EndsWith(" unfinished tasks go on.", StringComparison.Ordinal));
        using var again = new Api(second, Scenario.Key);
        var tokens = new HashSet<string>();
        foreach (var id in ids)
        {
            var end = await again.EndAsync(id);
            Assert.Equal("ready", end.GetProperty("status").GetString());
            tokens.Add(end.GetProperty("solution").GetProperty("gRecaptchaResponse").GetString()!);
        }

        Assert.Equal(Tasks, tokens.Count);
        var report = await emulator.ReportAsync("a");
        Assert.Equal(Tasks, report.GetProperty("acknowledged").GetInt32());
        Assert.Equal(Tasks, report.GetProperty("received").GetInt32());
    }

    [Fact]
    public async Task Kill_WhileSubmitting_TheAttemptIsLostAndTheTaskGoesElsewhere()
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("slow:capmonster,mode=slow", "spare:twocaptcha,latency=30ms");
        var settings = Scenario.Settings(emulator, ["slow:capmonster", "spare:twocaptcha"], new Dictionary<string, string>
        {
            ["Providers__slow__Prices__RecaptchaV2"] = "0.1",
            ["Keys__test__SpeedWeight"] = "0",
        });
        string id;
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            id = await api.CreateAsync();
            await Eventually.TrueAsync(() => CountAsync(folder.Path, "SELECT count(*) FROM attempts WHERE account = 'slow'", 1));
            await first.Program.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        using var again = new Api(second, Scenario.Key);
        var end = await again.EndAsync(id);
        Assert.Equal("spare", Scenario.AccountOf(end));
        Assert.True(await CountAsync(folder.Path, "SELECT count(*) FROM attempts WHERE account = 'slow' AND state = 4", 1));
    }

    [Fact]
    public async Task Kill_WhileSubmittingUnderFail_TheTaskFails()
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("slow:capmonster,mode=slow");
        var settings = Scenario.Settings(emulator, ["slow:capmonster"], new Dictionary<string, string> { ["Engine__OnUnknownSubmission"] = "fail" });
        string id;
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            id = await api.CreateAsync();
            await Eventually.TrueAsync(() => CountAsync(folder.Path, "SELECT count(*) FROM attempts", 1));
            await first.Program.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        using var again = new Api(second, Scenario.Key);
        Assert.Equal("failed", (await again.EndAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Stop_TasksUnderWay_ExitsCleanlyAndTheyGoOnAfterwards()
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("a:capmonster,latency=2s");
        var settings = Scenario.Settings(emulator, ["a:capmonster"], null);
        string[] ids;
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.CreateAsync()));
            Assert.Equal(0, await first.Program.StopAsync());
        }

        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        using var again = new Api(second, Scenario.Key);
        foreach (var id in ids)
            Assert.Equal("ready", (await again.EndAsync(id)).GetProperty("status").GetString());
        Assert.Equal(20, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task Start_SecondServerOnTheSameFolder_StopsWithASentence()
    {
        using var folder = new TemporaryFolder();
        await using var first = await ServerProcess.StartAsync(dataFolder: folder.Path);
        await using var second = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], new Dictionary<string, string>
        {
            ["UCaptcha__DataDirectory"] = folder.Path,
            ["UCaptcha__Http__Url"] = "http://127.0.0.1:0",
            ["UCaptcha__Grpc__Url"] = "http://127.0.0.1:0",
            ["UCaptcha__Admin__Url"] = "http://127.0.0.1:0",
        });
        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Contains(second.Output, line => line.Contains(folder.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(second.Output, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    private static Task<bool> SubmittedAsync(string folder, int tasks) => CountAsync(folder, "SELECT count(*) FROM attempts WHERE upstream_id IS NOT NULL", tasks);

    private static async Task<bool> CountAsync(string folder, string sql, int expected)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "ucaptcha.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(await command.ExecuteScalarAsync()) == expected;
    }
}
