using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>Several servers on one PostgreSQL.</summary>
public sealed class NodesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private EmulatorProcess _emulator = null!;
    private Dictionary<string, string> _settings = null!;

    [Fact]
    public async Task Watch_TaskOfAnotherNode_GetsItsEnd()
    {
        await using var first = await ServerProcess.StartAsync(_settings);
        await using var second = await ServerProcess.StartAsync(_settings);
        using var a = new Api(first, Scenario.Key);
        using var b = new Api(second, Scenario.Key);

        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => a.CreateAsync()));

        foreach (var id in ids)
            Assert.Equal("ready", (await b.EndAsync(id)).GetProperty("status").GetString());
        Assert.Equal(10, await _emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task Kill_TasksUnderWay_AnotherNodeEndsThemAndNoneIsSubmittedTwice()
    {
        const int Tasks = 40;
        await using var survivor = await ServerProcess.StartAsync(_settings);
        using var b = new Api(survivor, Scenario.Key);
        string[] ids;
        await using (var victim = await ServerProcess.StartAsync(_settings))
        {
            using var a = new Api(victim, Scenario.Key);
            ids = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => a.CreateAsync()));
            await Eventually.TrueAsync(async () => await _emulator.ReceivedAsync("a") == Tasks);
            await victim.Program.KillAsync();
        }

        foreach (var id in ids)
            Assert.True((await b.EndAsync(id)).GetProperty("status").GetString() is "ready" or "failed");
        var report = await _emulator.ReportAsync("a");
        Assert.Equal(report.GetProperty("received").GetInt32(), report.GetProperty("acknowledged").GetInt32());
        Assert.Equal(Tasks, report.GetProperty("received").GetInt32());
    }

    [Fact]
    public async Task Stop_RollingRestart_LosesAndRepeatsNothing()
    {
        const int Tasks = 30;
        await using var first = await ServerProcess.StartAsync(_settings);
        await using var second = await ServerProcess.StartAsync(_settings);
        using var b = new Api(second, Scenario.Key);
        string[] ids;
        using (var a = new Api(first, Scenario.Key))
            ids = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => a.CreateAsync()));

        Assert.Equal(0, await first.Program.StopAsync());

        foreach (var id in ids)
            Assert.Equal("ready", (await b.EndAsync(id)).GetProperty("status").GetString());
        Assert.Equal(Tasks, await _emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task Start_DatabaseOutOfReach_StopsWithASentence()
    {
        await using var server = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], new Dictionary<string, string>
        {
            ["UCaptcha__Storage__Provider"] = "postgres",
            ["UCaptcha__Storage__ConnectionString"] = "Host=127.0.0.1;Port=1;Username=u;Password=secret-word;Database=d",
        });

        Assert.Equal(1, await server.WaitForExitAsync());
        Assert.Contains(server.Output, line => line.Contains("The database cannot be opened", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Output, line => line.Contains("secret-word", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal));
    }

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        _emulator = await EmulatorProcess.StartAsync("a:capmonster,latency=2s");
        _settings = Scenario.Settings(_emulator, ["a:capmonster"], new Dictionary<string, string>
        {
            ["Storage__Provider"] = "postgres",
            ["Storage__ConnectionString"] = database,
            ["Storage__LeaseSeconds"] = TwoNodes.LeaseSeconds,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_emulator is not null)
            await _emulator.DisposeAsync();
    }
}
