using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;
using TaskStatus = UCaptcha.V1.TaskStatus;

namespace UCaptcha.Server.Tests;

public sealed class StreamsTests
{
    [Fact]
    public async Task WatchTask_FailoverOnTheWay_ShowsEachAttempt()
    {
        await using var scenario = await Scenario.StartAsync(["bad:capmonster,mode=unsolvable,latency=100ms", "good:twocaptcha,latency=100ms"], new Dictionary<string, string>
        {
            ["Providers__bad__Prices__RecaptchaV2"] = "0.1",
            ["Keys__test__SpeedWeight"] = "0",
        });
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var id = await scenario.Api.CreateAsync();
        using var call = client.WatchTask(new WatchTaskRequest { ClientKey = Scenario.Key, TaskId = id });
        var seen = new List<(TaskStatus, int)>();
        await foreach (var message in call.ResponseStream.ReadAllAsync())
            seen.Add((message.Status, message.Attempt));
        Assert.Contains((TaskStatus.Processing, 2), seen);
        Assert.Equal((TaskStatus.Ready, 2), seen[^1]);
        Assert.Equal(seen.Distinct(), seen);
    }

    [Fact]
    public async Task WatchTask_AnotherKeysTask_IsNotFound()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__a__Key"] = "key-of-a", ["Keys__b__Key"] = "key-of-b" });
        using var api = new Api(server, "key-of-a");
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        using var call = client.WatchTask(new WatchTaskRequest { ClientKey = "key-of-b", TaskId = await api.CreateAsync() });
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Fact]
    public async Task WatchTask_HundredAndOneStreamsOnOneConnection_AllWork()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=1500ms"]);
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var ids = await Task.WhenAll(Enumerable.Range(0, 101).Select(_ => scenario.Api.CreateAsync()));
        var ends = await Task.WhenAll(ids.Select(async id =>
        {
            using var call = client.WatchTask(new WatchTaskRequest { ClientKey = Scenario.Key, TaskId = id });
            var last = TaskStatus.Unspecified;
            await foreach (var message in call.ResponseStream.ReadAllAsync())
                last = message.Status;
            return last;
        }));
        Assert.All(ends, end => Assert.Equal(TaskStatus.Ready, end));
    }

    [Fact]
    public async Task WatchTasks_CutAndResumed_MissesNothingAndRepeatsNothing()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=50ms"]);
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var cursor = "0";
        var seen = new List<string>();
        var created = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            created.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scenario.Api.CreateAsync())));
            using var call = client.WatchTasks(new WatchTasksRequest { ClientKey = Scenario.Key, Cursor = cursor });
            for (var taken = 0; taken < 7;)
            {
                Assert.True(await call.ResponseStream.MoveNext());
                cursor = call.ResponseStream.Current.Cursor;
                if (!call.ResponseStream.Current.HasTaskId)
                    continue;
                seen.Add(call.ResponseStream.Current.TaskId);
                taken++;
            }
        }

        using var rest = client.WatchTasks(new WatchTasksRequest { ClientKey = Scenario.Key, Cursor = cursor });
        while (seen.Count < created.Count && await rest.ResponseStream.MoveNext())
        {
            if (rest.ResponseStream.Current.HasTaskId)
                seen.Add(rest.ResponseStream.Current.TaskId);
        }

        Assert.Equal(created.Order(), seen.Order());
    }

    [Fact]
    public async Task SolveTask_PastItsBound_IsProcessingAndTheTaskGoesOn()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=1s"]);
        var (_, body) = await scenario.Api.PostAsync("/solveTask", $$"""{"clientKey":"{{Scenario.Key}}","waitMs":50,"task":{{Api.Task()}}}""");
        Assert.Equal("processing", body.GetProperty("status").GetString());
        Assert.Equal("ready", (await scenario.Api.EndAsync(body.GetProperty("taskId").GetString()!)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Logs_OfAWholeRun_HoldNoSecret()
    {
        await using var scenario = await Scenario.StartAsync(["bad:capmonster,mode=unsolvable,latency=20ms", "good:anticaptcha,latency=20ms"], new Dictionary<string, string>
        {
            ["Providers__bad__Prices__RecaptchaV2"] = "0.1",
            ["Keys__test__SpeedWeight"] = "0",
        });
        var task = """{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"k","proxy":"http://user:hunter2@198.51.100.7:8080"}""";
        var result = await scenario.Api.EndAsync(await scenario.Api.CreateAsync(task));
        var token = result.GetProperty("solution").GetProperty("gRecaptchaResponse").GetString()!;
        var log = string.Join('\n', scenario.Server.Program.Output);
        Assert.Contains("attempt 1 on bad failed", log);
        Assert.All([token, "hunter2", Scenario.Key, "emulated-account-key"], secret => Assert.DoesNotContain(secret, log));
    }
}
