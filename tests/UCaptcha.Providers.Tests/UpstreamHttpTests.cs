using System.Net.Sockets;
using UCaptcha.Providers.Protocol;

namespace UCaptcha.Providers.Tests;

/// <summary>What surely was not sent.</summary>
public sealed class UpstreamHttpTests
{
    [Fact]
    public async Task PostAsync_ConnectionResetAsItIsMade_WasNotSent()
    {
        using var client = new HttpClient(new ResetAsItConnects());

        var answer = await new UpstreamHttp(client, "http://127.0.0.1:1", UpstreamHttp.AnswerTimeout, TimeProvider.System).PostAsync("/createTask", "{}"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(UpstreamSilence.NotSent, answer.Silent);
    }

    /// <summary>What SocketsHttpHandler throws when a connection is gone before it has looked at its other end.</summary>
    private sealed class ResetAsItConnects : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new SocketException((int)SocketError.NotConnected);
    }
}
