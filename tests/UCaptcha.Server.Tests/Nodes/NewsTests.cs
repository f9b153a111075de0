using System.Net;
using Grpc.Net.Client;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>What happens on one node is known on the other.</summary>
public sealed class NewsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Has every connection find another function where it looks for the one that notifies.</summary>
    private const string NothingIsSaid =
        """
        CREATE TABLE unsaid (payload text);
        CREATE FUNCTION public.pg_notify(channel text, payload text) RETURNS void LANGUAGE sql AS 'INSERT INTO public.unsaid VALUES (payload)';
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
        """;

    [Fact]
    public async Task Watch_StreamOnAnotherNode_EndsWithTheResult()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=300ms"]);
        var id = await nodes.ApiA.CreateAsync();

        Assert.Contains("\"status\":\"ready\"", await WatchAsync(nodes, id));
    }

    [Fact]
    public async Task Watch_NotificationsLost_EndsAllTheSame()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=300ms"]);
        using var stop = new CancellationTokenSource();
        var cutting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await nodes.QueryAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        });
        var id = await nodes.ApiA.CreateAsync();

        Assert.Contains("\"status\":\"ready\"", await WatchAsync(nodes, id));

        await stop.CancelAsync();
        await cutting;
    }

    [Fact]
    public async Task WatchTasks_NoNotificationEver_TellsOfTheEndAllTheSame()
    {
        await using var nodes = await TwoNodes.StartAsync(
            postgres, ["a:capmonster,latency=300ms"], new Dictionary<string, string> { ["Streams__HeartbeatMs"] = "3600000" }, NothingIsSaid);
        await nodes.MeetAsync();
        using var channel = GrpcChannel.ForAddress(nodes.B.Grpc);
        using var feed = new CaptchaService.CaptchaServiceClient(channel).WatchTasks(new WatchTasksRequest { ClientKey = Scenario.Key });
        Assert.True(await feed.ResponseStream.MoveNext(CancellationToken.None));
        Assert.False(feed.ResponseStream.Current.HasTaskId);

        var id = await nodes.ApiA.CreateAsync();

        Assert.True(await feed.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(id, feed.ResponseStream.Current.TaskId);
        Assert.Equal(1, await nodes.QueryAsync($"SELECT count(*) FROM unsaid WHERE payload ILIKE '%{id.Replace("-", "", StringComparison.Ordinal)}%'"));
    }

    [Fact]
    public async Task Create_RequestIdOfAnotherNode_IsTheSameTask()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=100ms"]);

        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? nodes.ApiA : nodes.ApiB).CreateAsync(more: ",\"requestId\":\"order-1\"")));

        var id = Assert.Single(ids.Distinct());
        Assert.Equal("ready", (await nodes.ApiB.EndAsync(id)).GetProperty("status").GetString());
        Assert.Equal(1, await nodes.Emulator.ReceivedAsync("a"));
        var (status, body) = await nodes.ApiB.PostAsync(
            "/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task(url: "https://other.example")}},"requestId":"order-1"}""");
        Assert.Equal((HttpStatusCode.Conflict, "ERROR_DUPLICATE_REQUEST"), (status, body.GetProperty("errorCode").GetString()));
    }

    private static async Task<string> WatchAsync(TwoNodes nodes, string id)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{nodes.B.Http}/watchTask/{id}");
        request.Headers.Add("x-api-key", Scenario.Key);
        request.Headers.Add("Accept", "text/event-stream");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await answer.Content.ReadAsStringAsync();
    }
}
