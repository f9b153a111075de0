using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

/// <summary>A stream lasts no longer than its caller may use the key.</summary>
public sealed class OpenStreamsTests
{
    [Theory]
    [InlineData(":rotate", """{"overlapSeconds":0}""", StatusCode.Unauthenticated)]
    [InlineData(":revoke", "{}", StatusCode.Unauthenticated)]
    [InlineData("", """{"settings":{"allowedAddresses":["203.0.113.7"]},"updateMask":"settings.allowedAddresses"}""", StatusCode.PermissionDenied)]
    public async Task Watch_KeyIsTheCallersNoMore_EndsWithoutAnotherResult(string change, string body, StatusCode expected)
    {
        await using var scenario = await Scenario.StartAsync(["slow:capmonster,latency=600s"], new Dictionary<string, string>
        {
            ["Admin__Key"] = AdminApi.Key,
            ["Streams__HeartbeatMs"] = "100",
        });
        using var admin = new AdminApi(scenario.Server);
        var made = await admin.PostAsync("/admin/v1/keys", """{"name":"leaked"}""");
        var text = made.GetProperty("text").GetString()!;
        using var api = new Api(scenario.Server, text);
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        using var one = client.WatchTask(new WatchTaskRequest { ClientKey = text, TaskId = await api.CreateAsync() });
        using var all = client.WatchTasks(new WatchTasksRequest { ClientKey = text });
        Assert.True(await one.ResponseStream.MoveNext());
        Assert.True(await all.ResponseStream.MoveNext());

        await admin.SendAsync(change.Length > 0 ? HttpMethod.Post : HttpMethod.Patch, $"/admin/v1/keys/{made.GetProperty("key").GetProperty("id")}{change}", body);

        Assert.Equal(expected, await EndAsync(one.ResponseStream, message => message.Solution is not null));
        Assert.Equal(expected, await EndAsync(all.ResponseStream, message => message.HasTaskId));
    }

    // What was written already may still arrive.
    private static async Task<StatusCode> EndAsync<T>(IAsyncStreamReader<T> stream, Func<T, bool> isResult)
    {
        using var timeUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.MoveNext(timeUp.Token))
                Assert.False(isResult(stream.Current));
        });
        return failure.StatusCode;
    }
}
