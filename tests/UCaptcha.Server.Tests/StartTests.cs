using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>Starts that come to nothing leave nothing half done.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("Http__Url")]
    [InlineData("Admin__Url")]
    public async Task Start_FirstWithAPortInUse_SaysSoInALineAndTheNextOneShowsKeysThatWork(string address)
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = $"http://{other.LocalEndpoint}";
        await using (var first = ServerProcess.Launch(new Dictionary<string, string> { [address] = taken }, folder.Path))
        {
            Assert.Equal(1, await first.WaitForExitAsync());
            Assert.Contains($"Failed to bind to address {taken}: address already in use.", first.Output);
            AssertNoStack(first);
        }

        await using var second = await ServerProcess.StartAsync(dataFolder: folder.Path);
        using var api = new Api(second, second.FirstKey!);
        using var admin = new AdminApi(second, second.AdminKey);
        Assert.Equal("ready", (await api.EndAsync(await api.CreateAsync())).GetProperty("status").GetString());
        Assert.Single((await admin.GetAsync("/admin/v1/keys")).GetProperty("keys").EnumerateArray());
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_SaysWhichSettingsHaveIt()
    {
        using var folder = new TemporaryFolder();
        // For documentation only: no machine has it.
        await using var program = ServerProcess.Launch(new Dictionary<string, string> { ["Http__Url"] = "http://192.0.2.1:8080" }, folder.Path);

        Assert.Equal(1, await program.WaitForExitAsync());
        Assert.Contains(program.Output, line => line.Contains("UCaptcha:Http:Url", StringComparison.Ordinal) && line.Contains("listened on", StringComparison.Ordinal));
        AssertNoStack(program);
    }

    [Fact]
    public async Task Start_FailsWithTasksFromBefore_TheyComeToARestAndGoOnLater()
    {
        const int Tasks = 20;
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("a:capmonster,latency=300ms,callLatency=500ms");
        var settings = Scenario.Settings(emulator, ["a:capmonster"], null);
        string[] ids;
        await using (var first = await ServerProcess.StartAsync(new Dictionary<string, string>(settings) { ["Providers__a__MaxConcurrent"] = "1" }, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            ids = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => api.CreateAsync()));
            await first.Program.StopAsync();
        }

        using (var other = new TcpListener(IPAddress.Loopback, 0))
        {
            other.Start();
            await using var failing = ServerProcess.Launch(new Dictionary<string, string>(settings) { ["Http__Url"] = $"http://{other.LocalEndpoint}" }, folder.Path);
            Assert.Equal(1, await failing.WaitForExitAsync());
            AssertNoStack(failing);
            Assert.DoesNotContain(failing.Output, line => line.Contains("The store is closed", StringComparison.Ordinal));
        }

        await using var last = await ServerProcess.StartAsync(settings, folder.Path);
        using var again = new Api(last, Scenario.Key);
        foreach (var id in ids)
            Assert.Equal("ready", (await again.EndAsync(id)).GetProperty("status").GetString());
        Assert.Equal(0, await CountAsync(folder.Path, "SELECT count(*) FROM attempts WHERE state = 4"));
        Assert.Equal(Tasks, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task Stop_WhileItStarts_LaysDownWhatItBeganAndEndsWell()
    {
        using var folder = new TemporaryFolder();
        await using var program = ServerProcess.Launch(new Dictionary<string, string>(), folder.Path);
        await program.WaitForLineAsync(line => line.Contains("Opened ", StringComparison.Ordinal));

        var code = await program.StopAsync();

        // It may have come before there was anything to lay down, or after the start.
        Assert.Contains(code, (int[])[0, 128 + 15]);
        AssertNoStack(program);
        await using var next = await ServerProcess.StartAsync(dataFolder: folder.Path);
        Assert.Equal(next.FirstKey is null, program.Output.Any(line => line.StartsWith("API key (shown this once)", StringComparison.Ordinal)));
        Assert.Equal(next.AdminKey is null, program.Output.Any(line => line.StartsWith("Admin key (shown this once)", StringComparison.Ordinal)));
    }

    private static void AssertNoStack(ProgramProcess program) =>
        Assert.DoesNotContain(program.Output, line => line.Contains("   at ", StringComparison.Ordinal));

    private static async Task<long> CountAsync(string folder, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "ucaptcha.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
