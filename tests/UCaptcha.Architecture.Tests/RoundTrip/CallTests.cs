using Grpc.Core;

namespace UCaptcha.Architecture.Tests.RoundTrip;

public sealed class CallTests
{
    [Fact]
    public async Task Unary_Called_Answers()
    {
        await using var host = await ProbeHost.StartAsync();

        var reply = await host.Client.UnaryAsync(new ProbeRequest { Text = "hello" });

        Assert.Equal("hello", reply.Text);
    }

    [Fact]
    public async Task Unary_CalledBlocking_Answers()
    {
        await using var host = await ProbeHost.StartAsync();

        Assert.Equal("hello", host.Client.Unary(new ProbeRequest { Text = "hello" }).Text);
    }

    [Fact]
    public async Task ServerStream_Called_AnswersEachInOrder()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.ServerStream(new ProbeRequest { Text = "n", Count = 3 });

        var texts = await call.ResponseStream.ReadAllAsync().Select(reply => reply.Text).ToListAsync();

        Assert.Equal(["n0", "n1", "n2"], texts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ClientStream_Completed_AnswersTheWhole()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.ClientStream();

        foreach (var text in new[] { "a", "b", "c" })
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = text });
        await call.RequestStream.CompleteAsync();

        Assert.Equal("abc", (await call).Text);
    }

    [Fact]
    public async Task Duplex_MessageByMessage_AnswersEachBeforeTheNext()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Duplex();

        foreach (var text in new[] { "a", "b", "c" })
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = text });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Context_OfUnary_NamesMethodHostAndPeer()
    {
        await using var host = await ProbeHost.StartAsync();

        var reply = await host.Client.WithHost("probe.test").UnaryAsync(new ProbeRequest { Act = "method" });

        Assert.StartsWith("/ucaptcha.probe.Probe/Unary ", reply.Text);
        Assert.Contains(" ipv4:127.0.0.1:", reply.Text);
        Assert.EndsWith(" False", reply.Text);
    }
}
