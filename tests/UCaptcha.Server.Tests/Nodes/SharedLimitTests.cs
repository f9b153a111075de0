using System.Text.Json;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>What an account may have at once is divided among the nodes that are alive.</summary>
public sealed class SharedLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Each = 3;

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task MaxConcurrent_TwoNodes_EachHasItsShareRoundedUp(int limit, int share)
    {
        await using var nodes = await TwoNodes.StartAsync(
            postgres,
            ["a:capmonster,latency=1000s"],
            new Dictionary<string, string>
            {
                ["Providers__a__MaxConcurrent"] = $"{limit}",
                ["Providers__a__PollIntervalMs"] = "500",
            });
        await nodes.MeetAsync();
        var ids = await Task.WhenAll(new[] { nodes.ApiA, nodes.ApiB }.SelectMany(api => Enumerable.Range(0, Each).Select(_ => api.CreateAsync())));

        foreach (var node in new[] { nodes.A, nodes.B })
        {
            using var admin = new AdminApi(node);
            JsonElement health = default;
            await Eventually.TrueAsync(async () =>
                (health = (await admin.GetAsync("/admin/v1/accounts/a")).GetProperty("account").GetProperty("health")).GetProperty("inFlight").GetInt32() == share);
            Assert.Equal(share, health.GetProperty("maxConcurrent").GetInt32());
        }

        await Eventually.TrueAsync(async () => await nodes.Emulator.ReceivedAsync("a") == 2 * share);
        await nodes.Emulator.ChangeAsync("a", "latency", "0s");
        foreach (var id in ids)
            Assert.Equal("ready", (await nodes.ApiA.EndAsync(id)).GetProperty("status").GetString());
        var report = await nodes.Emulator.ReportAsync("a");
        Assert.Equal((2 * Each, 2 * share), (report.GetProperty("received").GetInt32(), report.GetProperty("mostAtOnce").GetInt32()));
    }
}
