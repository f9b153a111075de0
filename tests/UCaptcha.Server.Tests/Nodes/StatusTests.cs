using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>What a server tells of the nodes.</summary>
public sealed class StatusTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Status_OnSqlite_HasThisServerAlone()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key });
        using var admin = new AdminApi(server);

        var status = await admin.GetAsync("/admin/v1/status");

        var node = Assert.Single(status.GetProperty("nodes").EnumerateArray());
        Assert.Equal((1, 0, true), (node.GetProperty("number").GetInt64(), node.GetProperty("unfinishedTasks").GetInt64(), node.GetProperty("answers").GetBoolean()));
        Assert.Equal(status.GetProperty("node").GetString(), node.GetProperty("name").GetString());
        Assert.Equal(1, status.GetProperty("nodeNumber").GetInt64());
        Assert.False(node.TryGetProperty("leaseUntil", out _));
        Assert.Equal(1, ExpositionParser.Parse(await admin.MetricsAsync()).Samples["ucaptcha_nodes_alive"]);
    }

    [Fact]
    public async Task Status_OfTwoNodes_TellsBothAndWhatEachOwnsUntilOneIsGone()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=60s"]);
        using var a = new AdminApi(nodes.A);
        using var b = new AdminApi(nodes.B);
        for (var i = 0; i < 3; i++)
            await nodes.ApiA.CreateAsync();

        var (ofA, ofB) = (await a.GetAsync("/admin/v1/status"), await b.GetAsync("/admin/v1/status"));
        Assert.Equal([(3, true), (0, false)], ListOf(ofA));
        Assert.Equal([(3, false), (0, true)], ListOf(ofB));
        AssertLogged(nodes.A, ofA);
        AssertLogged(nodes.B, ofB);
        await nodes.MeetAsync();

        await nodes.A.Program.StopAsync();
        using var channel = GrpcChannel.ForAddress(nodes.B.Admin);
        var client = new AdminService.AdminServiceClient(channel);
        GetStatusResponse status = null!;
        await Eventually.TrueAsync(async () =>
            (status = await client.GetStatusAsync(new GetStatusRequest(), new Metadata { { "x-admin-key", AdminApi.Key } })).Nodes is [{ UnfinishedTasks: 3 }]);

        Assert.Equal((ofB.GetProperty("nodeNumber").GetInt64(), true), (status.Nodes[0].Number, status.Nodes[0].Answers));
        Assert.Equal(status.NodeNumber, status.Nodes[0].Number);
        Assert.True(status.Nodes[0].LeaseUntil.ToDateTimeOffset() > status.Nodes[0].Since.ToDateTimeOffset());
        await Eventually.TrueAsync(async () => await AliveAsync(b) == 1);
    }

    private static IEnumerable<(int Unfinished, bool Answers)> ListOf(JsonElement status) => status.GetProperty("nodes").EnumerateArray()
        .Select(node => (node.GetProperty("unfinishedTasks").GetInt32(), node.GetProperty("answers").GetBoolean()));

    private static void AssertLogged(ServerProcess server, JsonElement status) => Assert.Contains(
        server.Program.Output,
        line => line.Contains($"This server is node {status.GetProperty("nodeNumber")}, {status.GetProperty("node").GetString()}.", StringComparison.Ordinal));

    private static async Task<double> AliveAsync(AdminApi admin) => ExpositionParser.Parse(await admin.MetricsAsync()).Samples["ucaptcha_nodes_alive"];
}
