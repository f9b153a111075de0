using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using UCaptcha.Server.Grpc.Health;
using UCaptcha.TestKit.Processes;
using Client = Grpc.Health.V1.Health.HealthClient;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace UCaptcha.Server.Tests.Grpc.Health;

public sealed class HealthTests
{
    private const string Captcha = "ucaptcha.v1.CaptchaService";

    [Theory]
    [InlineData("")]
    [InlineData(Captcha)]
    [InlineData("grpc.health.v1.Health")]
    public async Task Check_KnownName_IsServing(string service)
    {
        await using var server = await StartAsync();

        Assert.Equal(ServingStatus.Serving, (await AskAsync(server, service)).Status);
    }

    [Fact]
    public async Task Check_UnknownName_IsNotFound()
    {
        await using var server = await StartAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(server, "ucaptcha.v1.Nothing"));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Check_OneServiceStopped_OthersServe()
    {
        await using var server = await StartAsync();
        State(server).Set(Captcha, serving: false);

        Assert.Equal(ServingStatus.NotServing, (await AskAsync(server, Captcha)).Status);
        Assert.Equal(ServingStatus.Serving, (await AskAsync(server, "")).Status);
        State(server).Set(Captcha, serving: true);
        Assert.Equal(ServingStatus.Serving, (await AskAsync(server, Captcha)).Status);
    }

    [Fact]
    public async Task Check_Draining_NothingServesAnyMore()
    {
        await using var server = await StartAsync();
        State(server).Drain();
        State(server).Set(Captcha, serving: true);

        Assert.Equal(ServingStatus.NotServing, (await AskAsync(server, "")).Status);
        Assert.Equal(ServingStatus.NotServing, (await AskAsync(server, Captcha)).Status);
    }

    [Fact]
    public async Task List_Asked_NamesEveryService()
    {
        await using var server = await StartAsync();

        var list = await new Client(server.Channel).ListAsync(new HealthListRequest());

        Assert.Equal(["", "grpc.health.v1.Health", Captcha], list.Statuses.Keys.Order(StringComparer.Ordinal));
        Assert.All(list.Statuses.Values, status => Assert.Equal(ServingStatus.Serving, status.Status));
    }

    [Fact]
    public async Task Check_TheAdminService_IsToldOfBesideTheOthers()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new Client(channel);

        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest { Service = "ucaptcha.v1.AdminService" })).Status);
        Assert.Equal(ServingStatus.Serving, (await client.ListAsync(new HealthListRequest())).Statuses["ucaptcha.v1.AdminService"].Status);
        using var call = client.Watch(new HealthCheckRequest { Service = "ucaptcha.v1.AdminService" });
        Assert.Equal(ServingStatus.Serving, await NextAsync(call));
    }

    [Fact]
    public async Task Watch_StateChanges_SendsEachChangeOnce()
    {
        await using var server = await StartAsync();
        using var call = new Client(server.Channel).Watch(new HealthCheckRequest { Service = Captcha });

        Assert.Equal(ServingStatus.Serving, await NextAsync(call));
        State(server).Set("another", serving: false);
        State(server).Set(Captcha, serving: false);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(call));
        State(server).Set(Captcha, serving: true);
        Assert.Equal(ServingStatus.Serving, await NextAsync(call));
        State(server).Drain();
        Assert.Equal(ServingStatus.NotServing, await NextAsync(call));
    }

    [Fact]
    public async Task Watch_UnknownName_SendsServiceUnknownAndStaysOpen()
    {
        await using var server = await StartAsync();
        using var call = new Client(server.Channel).Watch(new HealthCheckRequest { Service = "nobody" });

        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(call));
        Assert.False(call.ResponseStream.MoveNext(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Watch_HostStops_SendsNotServingThenUnavailable()
    {
        await using var server = await StartAsync();
        using var call = new Client(server.Channel).Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await NextAsync(call));

        server.App.Lifetime.StopApplication();

        Assert.Equal(ServingStatus.NotServing, await NextAsync(call));
        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(
        builder =>
        {
            builder.Services.AddGrpc();
            builder.Services.AddGrpcHealth();
        },
        app =>
        {
            app.MapGrpcHealth();
            app.MapGrpcService<CannedCaptchaService>();
        });

    private static ServingState State(TestServer server) => server.Services.GetRequiredService<ServingState>();

    private static async Task<HealthCheckResponse> AskAsync(TestServer server, string service) =>
        await new Client(server.Channel).CheckAsync(new HealthCheckRequest { Service = service });

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current.Status;
    }
}
