using Grpc.Core;
using Grpc.Core.Interceptors;

namespace UCaptcha.Architecture.Tests.RoundTrip;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Server_WithInterceptors_RunsThemInOrderForEveryKindOfCall()
    {
        var log = new List<string>();
        await using var host = await ProbeHost.StartAsync(server: options =>
        {
            options.Interceptors.Add<Recorder>("a", log);
            options.Interceptors.Add<Recorder>("b", log);
        });

        await CallEveryKindAsync(host.Client);

        Assert.Equal(["a unary", "b unary", "a server", "b server", "a client", "b client", "a duplex", "b duplex"], log);
    }

    [Fact]
    public async Task Server_WithAnInterceptor_HandsUserStateToTheHandler()
    {
        await using var host = await ProbeHost.StartAsync(server: options => options.Interceptors.Add<Recorder>("left here", new List<string>()));

        var reply = await host.Client.UnaryAsync(new ProbeRequest { Act = "state" });

        Assert.Equal("left here", reply.Text);
    }

    [Fact]
    public async Task Client_WithInterceptors_RunsThemInOrderForEveryKindOfCall()
    {
        var log = new List<string>();
        await using var host = await ProbeHost.StartAsync();
        var client = new Probe.ProbeClient(host.Channel.Intercept(new Recorder("a", log), new Recorder("b", log)));

        await CallEveryKindAsync(client);
        client.Unary(new ProbeRequest());

        Assert.Equal(
            ["a unary", "b unary", "a server", "b server", "a client", "b client", "a duplex", "b duplex", "a blocking", "b blocking"], log);
    }

    [Fact]
    public async Task Client_InterceptedTwice_RunsTheOuterFirst()
    {
        var log = new List<string>();
        await using var host = await ProbeHost.StartAsync();
        var client = new Probe.ProbeClient(host.Channel.Intercept(new Recorder("inner", log)).Intercept(new Recorder("outer", log)));

        await client.UnaryAsync(new ProbeRequest());

        Assert.Equal(["outer unary", "inner unary"], log);
    }

    [Fact]
    public async Task Client_InterceptedByAFunction_SendsTheHeadersItReturns()
    {
        await using var host = await ProbeHost.StartAsync();
        var client = new Probe.ProbeClient(host.Channel.Intercept(headers =>
        {
            headers.Add("probe-added", "yes");
            return headers;
        }));
        using var call = client.UnaryAsync(new ProbeRequest { Act = "metadata" });

        Assert.Equal("yes", (await call.ResponseHeadersAsync).GetValue("probe-added"));
    }

    private static async Task CallEveryKindAsync(Probe.ProbeClient client)
    {
        await client.UnaryAsync(new ProbeRequest());

        using var server = client.ServerStream(new ProbeRequest());
        Assert.False(await server.ResponseStream.MoveNext());

        using var requests = client.ClientStream();
        await requests.RequestStream.CompleteAsync();
        await requests;

        using var duplex = client.Duplex();
        await duplex.RequestStream.CompleteAsync();
        Assert.False(await duplex.ResponseStream.MoveNext());
    }
}
