using Grpc.Core;

namespace UCaptcha.Architecture.Tests.RoundTrip;

public sealed class MetadataTests
{
    private static readonly byte[] Bytes = [0, 1, 2, 0x7f, 0x80, 0xff];

    [Fact]
    public async Task Headers_TextAndBinary_GoThereAndBack()
    {
        await using var host = await ProbeHost.StartAsync();
        var headers = new Metadata { { "Probe-Text", "one" }, { "probe-bytes-bin", Bytes } };
        using var call = host.Client.UnaryAsync(new ProbeRequest { Act = "metadata" }, headers);

        var back = await call.ResponseHeadersAsync;
        await call;

        Assert.Equal("one", back.GetValue("probe-text"));
        Assert.Equal(Bytes, back.GetValueBytes("probe-bytes-bin"));
    }

    [Fact]
    public async Task Trailers_TextAndBinary_ComeBehindTheResponse()
    {
        await using var host = await ProbeHost.StartAsync();
        var headers = new Metadata { { "probe-text", "one" }, { "probe-bytes-bin", Bytes } };
        using var call = host.Client.UnaryAsync(new ProbeRequest { Act = "metadata" }, headers);

        await call;

        Assert.Equal("one", call.GetTrailers().GetValue("probe-text"));
        Assert.Equal(Bytes, call.GetTrailers().GetValueBytes("probe-bytes-bin"));
    }

    [Fact]
    public async Task Credentials_ComposedForAChannel_AddTheirHeaders()
    {
        var first = CallCredentials.FromInterceptor((context, metadata) => Add(metadata, "probe-method", context.MethodName));
        var second = CallCredentials.FromInterceptor((_, metadata) => Add(metadata, "probe-second", "2"));
        await using var host = await ProbeHost.StartAsync(client: options =>
        {
            options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.Compose(first, second));
            options.UnsafeUseInsecureChannelCallCredentials = true;
        });
        using var call = host.Client.UnaryAsync(new ProbeRequest { Act = "metadata" });

        var back = await call.ResponseHeadersAsync;

        Assert.Equal("Unary", back.GetValue("probe-method"));
        Assert.Equal("2", back.GetValue("probe-second"));
    }

    [Fact]
    public async Task Credentials_OfACall_AddTheirHeaders()
    {
        var credentials = CallCredentials.FromInterceptor((_, metadata) => Add(metadata, "probe-call", "1"));
        await using var host = await ProbeHost.StartAsync(client: options => options.UnsafeUseInsecureChannelCallCredentials = true);
        using var call = host.Client.UnaryAsync(new ProbeRequest { Act = "metadata" }, new CallOptions().WithCredentials(credentials));

        Assert.Equal("1", (await call.ResponseHeadersAsync).GetValue("probe-call"));
    }

    [Fact]
    public async Task Channel_Connected_IsReady()
    {
        await using var host = await ProbeHost.StartAsync();
        Assert.Equal(ConnectivityState.Idle, host.Channel.State);

        await host.Channel.ConnectAsync();

        Assert.Equal(ConnectivityState.Ready, host.Channel.State);
    }

    private static Task Add(Metadata metadata, string key, string value)
    {
        metadata.Add(key, value);
        return Task.CompletedTask;
    }
}
