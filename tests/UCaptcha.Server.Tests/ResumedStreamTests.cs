using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

/// <summary>A watcher that loses its stream again and again, and the server too, sees every end exactly once.</summary>
public sealed class ResumedStreamTests
{
    private const int Tasks = 120;

    private static readonly string[] Accounts = ["a:capmonster,latency=50ms"];

    private readonly Random _random = new(20261125);
    private readonly List<string> _seen = [];
    private string _cursor = "";

    [Fact]
    public async Task WatchTasks_CutAtRandomPointsAndAcrossAKilledServer_SeesEachEndOnce()
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        var settings = Scenario.Settings(emulator, Accounts, new Dictionary<string, string> { ["Streams__HeartbeatMs"] = "100" });
        var created = new List<string>();
        for (var life = 0; life < 3; life++)
        {
            await using var server = await ServerProcess.StartAsync(settings, folder.Path);
            using var api = new Api(server, Scenario.Key);
            if (_cursor.Length == 0)
                await WatchAsync(server, 1);
            created.AddRange(await Task.WhenAll(Enumerable.Range(0, Tasks / 3).Select(_ => api.CreateAsync())));
            for (var cut = 0; cut < 5; cut++)
                await WatchAsync(server, _random.Next(1, 12));
            await server.Program.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(settings, folder.Path);
        await Eventually.TrueAsync(async () =>
        {
            await WatchAsync(last, 5);
            return _seen.Count >= Tasks;
        });
        Assert.Equal(created.Order(), _seen.Order());
    }

    [Fact]
    public async Task WatchTasks_ByGet_StreamsEventsFromACursor()
    {
        await using var scenario = await Scenario.StartAsync(Accounts);
        var id = await scenario.Api.CreateAsync();
        await scenario.Api.EndAsync(id);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{scenario.Server.Http}/watchTasks?cursor=0");
        request.Headers.Add("x-api-key", Scenario.Key);
        request.Headers.Add("Accept", "text/event-stream");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("id: 0", await lines.ReadLineAsync());
        Assert.Equal("", await lines.ReadLineAsync());
        Assert.Equal("id: 1", await lines.ReadLineAsync());
        Assert.StartsWith($"data: {{\"errorId\":0,\"taskId\":\"{id}\"", await lines.ReadLineAsync());
    }

    [Fact]
    public async Task WatchTasks_EventSourceCutAgainAndAgain_SeesEachEndOnceByLastEventId()
    {
        await using var scenario = await Scenario.StartAsync(Accounts, new Dictionary<string, string> { ["Streams__HeartbeatMs"] = "100" });
        using var http = new HttpClient { BaseAddress = new Uri(scenario.Server.Http) };
        // As an EventSource: the address stays what it was, the header says how far it came.
        var source = new EventSource(http, $"/watchTasks?clientKey={Scenario.Key}&cursor=0");
        await source.ReadAsync(atMost: 2);
        Assert.Equal(("0", 0), (source.LastEventId, source.Data.Count));
        var created = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scenario.Api.CreateAsync()));
        await Eventually.TrueAsync(async () =>
        {
            await source.ReadAsync(_random.Next(1, 9));
            return source.Data.Count >= created.Length;
        });

        Assert.Equal(created.Order(), source.Data.Select(data => JsonDocument.Parse(data).RootElement.GetProperty("taskId").GetString()).Order());
        Assert.Equal("40", source.LastEventId);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/watchTasks?clientKey={Scenario.Key}");
        request.Headers.Add("Last-Event-ID", "mine");
        using var refused = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("cursor is not one of this server's.", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task WatchTasks_CursorAheadOfTheStore_IsRefusedOnEverySurfaceAndTheLastOneIsNot()
    {
        await using var scenario = await Scenario.StartAsync(Accounts);
        await scenario.Api.EndAsync(await scenario.Api.CreateAsync());
        using var http = new HttpClient();
        foreach (var type in (string[])["application/x-ndjson", "text/event-stream"])
        {
            using var last = await GetAsync("1");
            Assert.Equal(HttpStatusCode.OK, last.StatusCode);
            using var refused = await GetAsync("2");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("cursor is ahead of every task that has ended here", await refused.Content.ReadAsStringAsync());

            async Task<HttpResponseMessage> GetAsync(string cursor)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{scenario.Server.Http}/watchTasks?clientKey={Scenario.Key}");
                request.Headers.Add("Accept", type);
                request.Headers.Add("Last-Event-ID", cursor);
                return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            }
        }

        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        using var call = new CaptchaService.CaptchaServiceClient(channel).WatchTasks(new WatchTasksRequest { ClientKey = Scenario.Key, Cursor = "2" });
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task WatchTasks_ServerStops_EndsUnavailable()
    {
        await using var scenario = await Scenario.StartAsync(Accounts);
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        using var call = new CaptchaService.CaptchaServiceClient(channel).WatchTasks(new WatchTasksRequest { ClientKey = Scenario.Key });
        Assert.True(await call.ResponseStream.MoveNext());
        var stopped = scenario.Server.Program.StopAsync();
        var end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.Equal(0, await stopped);
    }

    // Takes so many messages, heartbeats among them, and goes away.
    private async Task WatchAsync(ServerProcess server, int messages)
    {
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        using var call = new CaptchaService.CaptchaServiceClient(channel).WatchTasks(
            new WatchTasksRequest { ClientKey = Scenario.Key, Cursor = _cursor });
        for (var taken = 0; taken < messages; taken++)
        {
            Assert.True(await call.ResponseStream.MoveNext());
            _cursor = call.ResponseStream.Current.Cursor;
            if (call.ResponseStream.Current.HasTaskId)
                _seen.Add(call.ResponseStream.Current.TaskId);
        }
    }
}
