using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Stores;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>A node whose clock is wrong, beside one whose clock is right.</summary>
public sealed class ClocksTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Purge_ClockAhead_LeavesWhatOtherNodesKeepUntilItIsSetRight()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=50ms"]);
        var id = await nodes.ApiA.CreateAsync();
        await nodes.ApiA.EndAsync(id);
        var clock = new WrongClock(TimeSpan.FromHours(2));
        var log = new LogCollector<ClockWatch>();
        using var folder = new TemporaryFolder();
        await using var wrong = await ServerHost.StartAsync(
            [
                .. nodes.Settings.Select(setting => $"--UCaptcha:{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
                $"--UCaptcha:DataDirectory={folder.Path}",
                "--UCaptcha:Http:Url=http://127.0.0.1:0",
                "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
                "--UCaptcha:Admin:Url=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Error",
            ],
            clock,
            TextWriter.Null,
            services => services.AddSingleton<ILogger<ClockWatch>>(log));
        var purge = wrong.Services.GetServices<IHostedService>().OfType<Purge>().Single();

        await purge.PurgeOnceAsync(CancellationToken.None);
        Assert.Equal("ready", (await nodes.ApiA.ResultAsync(id)).GetProperty("status").GetString());
        Assert.InRange(await OffsetAsync(wrong), 7000, 7200);
        using var a = new AdminApi(nodes.A);
        Assert.InRange(OffsetOf(await a.GetAsync("/admin/v1/status")), -1, 1);
        Assert.InRange(ExpositionParser.Parse(await a.MetricsAsync()).Samples["ucaptcha_clock_offset_seconds"], -1, 1);
        Assert.Contains(log.Lines, line => line.Contains("ahead of the database's", StringComparison.Ordinal));

        clock.Shift = TimeSpan.Zero;
        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Contains("agrees", StringComparison.Ordinal)));
        Assert.Equal(1, await nodes.QueryAsync("WITH old AS (UPDATE tasks SET finished_at = finished_at - 7200000 RETURNING 1) SELECT count(*) FROM old"));
        await purge.PurgeOnceAsync(CancellationToken.None);
        Assert.Equal(0, await nodes.QueryAsync("SELECT count(*) FROM tasks"));
    }

    private static async Task<double> OffsetAsync(RunningServer server)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Addresses[^1]) };
        http.DefaultRequestHeaders.Add("x-admin-key", AdminApi.Key);
        return OffsetOf(JsonDocument.Parse(await http.GetStringAsync("/admin/v1/status")).RootElement);
    }

    // Only the node that answers tells of its clock.
    private static double OffsetOf(JsonElement status) => status.GetProperty("nodes").EnumerateArray()
        .Single(node => node.TryGetProperty("clockOffsetSeconds", out _)).GetProperty("clockOffsetSeconds").GetDouble();
}
