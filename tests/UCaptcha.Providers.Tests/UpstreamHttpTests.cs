using System.Net;
using System.Net.Sockets;
using System.Text;
using UCaptcha.Providers.Protocol;
using UCaptcha.TestKit;

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

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", 0)]
    [InlineData("5184000", 3600)]
    [InlineData("Fri, 15 Jan 2027 08:00:20 GMT", 20)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 3600)]
    [InlineData("Thu, 01 Jan 2026 00:00:00 GMT", 0)]
    [InlineData("soon", null)]
    public async Task PostAsync_AskedToBeLeftAlone_IsForAnHourAtMost(string header, int? seconds)
    {
        var clock = new ManualTimeProvider();
        using var client = new HttpClient(new Asking(header));

        var answer = await new UpstreamHttp(client, "http://127.0.0.1:1", UpstreamHttp.AnswerTimeout, clock).PostAsync("/createTask", "{}"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(seconds is { } some ? TimeSpan.FromSeconds(some) : null, answer.RetryAfter);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task PostAsync_BodyNotPackedAsItSays_MayHaveArrived(string packing)
    {
        using var provider = new TcpListener(IPAddress.Loopback, 0);
        provider.Start();
        var answering = AnswerAsync(provider, $"HTTP/1.1 200 OK\r\nContent-Encoding: {packing}\r\nContent-Length: 60\r\n\r\n{new string('~', 60)}");
        using var client = UpstreamHttp.CreateClient();

        var answer = await new UpstreamHttp(client, $"http://{provider.LocalEndpoint}", UpstreamHttp.AnswerTimeout, TimeProvider.System).PostAsync("/createTask", "{}"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(UpstreamSilence.MayHaveArrived, answer.Silent);
        await answering;
    }

    [Fact]
    public async Task PostAsync_JsonBehindAByteOrderMark_IsRead()
    {
        using var client = new HttpClient(new Answering(HttpStatusCode.OK, "\ufeff{\"errorId\":0}"));

        var answer = await new UpstreamHttp(client, "http://127.0.0.1:1", UpstreamHttp.AnswerTimeout, TimeProvider.System).PostAsync("/createTask", "{}"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(0, answer.Json!.Value.GetProperty("errorId").GetInt32());
    }

    private static async Task AnswerAsync(TcpListener provider, string answer)
    {
        using var connection = await provider.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 })
        {
            // Up to the end of the head.
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
    }

    private sealed class Asking(string header) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            response.Headers.TryAddWithoutValidation("Retry-After", header);
            return Task.FromResult(response);
        }
    }

    /// <summary>What SocketsHttpHandler throws when a connection is gone before it has looked at its other end.</summary>
    private sealed class ResetAsItConnects : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new SocketException((int)SocketError.NotConnected);
    }
}
