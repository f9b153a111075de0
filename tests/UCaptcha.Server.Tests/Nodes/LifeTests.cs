using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>Nodes that begin together, stall and come back.</summary>
public sealed class LifeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Stall_ForLongerThanALease_OtherNodeEndsTheTasksAndTheStalledOneWritesNothingMore()
    {
        const int Tasks = 12;
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=6s"]);
        var ids = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => nodes.ApiA.CreateAsync()));
        await Eventually.TrueAsync(async () => await nodes.QueryAsync("SELECT count(*) FROM attempts WHERE state = 1") == Tasks);

        nodes.A.Program.Stall();
        var ends = new Dictionary<string, string>();
        foreach (var id in ids)
            ends[id] = (await nodes.ApiB.EndAsync(id)).GetRawText();
        nodes.A.Program.GoOn();
        await nodes.A.Program.WaitForLineAsync(line => line.Contains("lease was lost", StringComparison.Ordinal));

        Assert.Equal(Tasks, await nodes.Emulator.ReceivedAsync("a"));
        foreach (var id in ids)
        {
            Assert.Equal(ends[id], (await nodes.ApiB.ResultAsync(id)).GetRawText());
            Assert.Equal(ends[id], (await nodes.ApiA.EndAsync(id)).GetRawText());
        }

        Assert.Equal(0, await nodes.QueryAsync("SELECT count(*) FROM ledger_proof WHERE kept <> proven"));
        string? again = null;
        await Eventually.TrueAsync(async () =>
        {
            var (_, body) = await nodes.ApiA.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""");
            return body.TryGetProperty("taskId", out var id) && (again = id.GetString()) is not null;
        });
        Assert.Equal("ready", (await nodes.ApiA.EndAsync(again!)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Start_TwoAtOnceOnAnEmptyDatabase_OneKeyOfEachKindGoodOnBoth()
    {
        var settings = new Dictionary<string, string>
        {
            ["Storage__Provider"] = "postgres",
            ["Storage__ConnectionString"] = await postgres.CreateDatabaseAsync(),
        };
        var starting = Enumerable.Range(0, 2).Select(_ => ServerProcess.StartAsync(settings)).ToList();
        await using var a = await starting[0];
        await using var b = await starting[1];
        ServerProcess[] both = [a, b];

        var key = Assert.Single(both.Select(server => server.FirstKey), key => key is not null);
        var adminKey = Assert.Single(both.Select(server => server.AdminKey), key => key is not null);
        foreach (var server in both)
        {
            using var api = new Api(server, key!);
            using var admin = new AdminApi(server, adminKey);
            // The sandbox has 1000 dollars.
            await Eventually.TrueAsync(async () => (await api.PostAsync("/getBalance", $$"""{"clientKey":"{{key}}"}""")).Body.GetProperty("errorId").GetInt32() == 0);
            Assert.Single((await admin.GetAsync("/admin/v1/keys")).GetProperty("keys").EnumerateArray());
        }
    }
}
