using Grpc.Core;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

public sealed class StreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private JobServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await JobServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Stream_ByDefault_IsALineForEachMessage()
    {
        var answer = await _server.PostAsync("/watch", """{"text":"a\nb","count":3}""");
        var lines = answer.Body.Split('\n');

        Assert.Equal((200, "application/x-ndjson"), (answer.Status, answer.ContentType));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("no", answer.Header("X-Accel-Buffering"));
        Assert.Equal([1, 2, 3], lines[..3].Select(line => Codecs.Read<Echo>(line).Count));
        Assert.Equal(["a\nb", "a\nb", "a\nb"], lines[..3].Select(line => Codecs.Read<Echo>(line).Text));
        Assert.Equal([""], lines[3..]);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json;q=0.5, Text/Event-Stream")]
    public async Task Stream_ForAnEventSource_IsAnEventForEachMessage(string accept)
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/watch/a?count=2", null, null, ("Accept", accept));

        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.ContentType));
        Assert.Equal(
            """
            data: {"text":"a","count":1,"color":"COLOR_UNSPECIFIED","someName":""}

            data: {"text":"a","count":2,"color":"COLOR_UNSPECIFIED","someName":""}


            """,
            answer.Body);
    }

    [Fact]
    public async Task Stream_ForAnEventSource_HasIdsAndTakesTheLastOneBack()
    {
        var answer = await _server.SendAsync(
            HttpMethod.Get, "/watch/resume?someName=old", null, null, ("Accept", "text/event-stream"), ("Last-Event-ID", "17"));

        Assert.Equal(
            """
            id: 17

            id: behind 17
            data: {"text":"","count":7,"color":"COLOR_UNSPECIFIED","someName":"behind 17"}

            data: {"text":"","count":0,"color":"COLOR_UNSPECIFIED","someName":"two\nlines"}


            """,
            answer.Body);
    }

    [Fact]
    public async Task Stream_AsLines_SaysAllOfEachMessage()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/watch/resume?someName=17");

        Assert.Equal(["17", "behind 17", "two\nlines"], answer.Body.TrimEnd('\n').Split('\n').Select(line => Codecs.Read<Echo>(line).SomeName));
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("text/event-stream;q=0")]
    [InlineData("nonsense/")]
    public async Task Stream_ForAnythingElse_IsLines(string accept)
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/watch/a?count=1", null, null, ("Accept", accept));

        Assert.Equal("application/x-ndjson", answer.ContentType);
    }

    [Fact]
    public async Task Stream_WithoutMessages_IsAnEmptyBody()
    {
        var answer = await _server.PostAsync("/watch", "{}");

        Assert.Equal((200, "application/x-ndjson", ""), (answer.Status, answer.ContentType, answer.Body));
    }

    [Fact]
    public async Task Message_OfAStream_ArrivesBeforeTheNext()
    {
        using var response = await _server.Client.GetAsync(
            new Uri("/watch/gate?count=1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        Assert.Equal(1, Codecs.Read<Echo>((await reader.ReadLineAsync(Cancellation))!).Count);
        _server.Handlers.Gate.SetResult();
        Assert.Equal("after the gate", Codecs.Read<Echo>((await reader.ReadLineAsync(Cancellation))!).Text);
        Assert.Null(await reader.ReadLineAsync(Cancellation));
    }

    [Fact]
    public async Task Error_BeforeTheFirstMessage_IsAnOrdinaryErrorResponse()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/watch/refuse", null, null, ("Accept", "text/event-stream"));

        Assert.Equal((429, "application/json"), (answer.Status, answer.ContentType));
        Assert.Contains("ERROR_RATE_LIMIT", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_AfterTheHeaders_IsTheOnlyLine()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/watch/early");

        Assert.Equal((200, "application/x-ndjson", "yes"), (answer.Status, answer.ContentType, answer.Header("x-early")));
        Assert.StartsWith("""{"error":{"code":429,""", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_AfterTheFirstMessage_IsTheLastLine()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/watch/refuse%20late?count=1");
        var lines = answer.Body.Split('\n');

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("""{"error":{"code":429,""", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task Error_AfterTheFirstMessage_IsAnErrorEvent()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/watch/crash%20late?count=1", null, null, ("Accept", "text/event-stream"));

        Assert.Contains("\n\nevent: error\ndata: {\"error\":{\"code\":500,", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-handler", answer.Body, StringComparison.Ordinal);
        Assert.Single(_server.Handlers.Logged);
    }

    [Fact]
    public async Task Client_ThatGoesAway_CancelsTheHandler()
    {
        using (var response = await _server.Client.GetAsync(
            new Uri("/watch/wait?count=1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation))
        {
            await _server.Handlers.Started.Task.WaitAsync(Bound, Cancellation);
        }

        await _server.Handlers.Cancelled.Task.WaitAsync(Bound, Cancellation);
        Assert.Empty(_server.Handlers.Logged);
    }

    [Fact]
    public async Task Stream_OverGrpc_RunsThroughTheSameInterceptors()
    {
        using var call = _server.Grpc.Watch(new Echo { Text = "a", Count = 2 }, cancellationToken: Cancellation);
        var messages = await call.ResponseStream.ReadAllAsync(Cancellation).CountAsync(Cancellation);
        await _server.PostAsync("/watch", "{}");

        Assert.Equal(2, messages);
        Assert.Equal(["global /transcoding.test.JobService/Watch", "service /transcoding.test.JobService/Watch"], _server.Handlers.Intercepted[..2]);
        Assert.Equal(_server.Handlers.Intercepted[..2], _server.Handlers.Intercepted[2..]);
    }
}
