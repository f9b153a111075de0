using System.Text.Json;
using Grpc.Core;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

public sealed class UnaryTests : IAsyncLifetime
{
    private JobServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await JobServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Post_OfAMessage_AnswersAsOneBodyWithItsLength()
    {
        var answer = await _server.PostAsync("/createJob", """{"clientKey":"k","task":{"TYPE":"Robot","id":7,"odd":[1]}}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(answer.Body.Length, answer.Length);
        const string Solution = """{"type":"Robot","websiteURL":"","websiteKey":"","id":"7","color":"COLOR_UNSPECIFIED","odd":[1]}""";
        Assert.Equal($$"""{"errorId":0,"taskId":"7","status":"darkBlue","solution":{{Solution}}}""", answer.Body);
        Assert.Equal(1, _server.Handlers.Disposed);
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Post_OfAnyContentType_IsReadAsJson(string? contentType)
    {
        var answer = await _server.PostAsync("/createJob", """{"clientKey":"k"}""", contentType);

        Assert.Equal(200, answer.Status);
        Assert.Equal("k", _server.Handlers.LastJob!.ClientKey);
    }

    [Fact]
    public async Task Call_OfOneMethod_IsTheSameOnBothSurfaces()
    {
        var request = new Echo { Text = "hi", Count = 3 };

        var overGrpc = await _server.Grpc.SamePathAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        var overJson = await _server.PostAsync("/transcoding.test.JobService/SamePath", """{"text":"hi","count":3}""");

        Assert.Equal(request, overGrpc);
        Assert.Equal(request, Codecs.Read<Echo>(overJson.Body));
        Assert.Equal(
            ["global /transcoding.test.JobService/SamePath", "service /transcoding.test.JobService/SamePath"], _server.Handlers.Intercepted.Take(2));
        Assert.Equal(_server.Handlers.Intercepted.Take(2), _server.Handlers.Intercepted.Skip(2));
    }

    [Fact]
    public async Task Path_ThatDiffersFromAGrpcPathOnlyInCase_IsNotAmbiguous()
    {
        var overJson = await _server.PostAsync("/transcoding.test.JobService/samename", """{"text":"json"}""");
        var overGrpc = await _server.Grpc.SameNameAsync(new Echo { Text = "grpc" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((200, "json"), (overJson.Status, Codecs.Read<Echo>(overJson.Body).Text));
        Assert.Equal("grpc", overGrpc.Text);
    }

    [Fact]
    public async Task Context_OfACall_SaysWhatGrpcWouldSay()
    {
        await _server.SendAsync(HttpMethod.Get, "/echo/x", null, null, ("grpc-timeout", "1H"));
        var context = _server.Handlers.LastContext!;

        Assert.Equal("/transcoding.test.JobService/Find", context.Method);
        Assert.StartsWith("ipv4:127.0.0.1:", context.Peer, StringComparison.Ordinal);
        Assert.Equal(_server.Client.BaseAddress!.Authority, context.Host);
        Assert.NotEqual(DateTime.MaxValue, context.Deadline);
        Assert.Equal("default", context.Profile);
    }

    [Fact]
    public async Task Deadline_BeyondTheEndOfTime_IsNever()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/echo/x", null, null, ("grpc-timeout", "99999999H"));

        Assert.Equal((200, DateTime.MaxValue), (answer.Status, _server.Handlers.LastContext!.Deadline));
    }

    [Fact]
    public async Task Headers_OfTheRequest_AreMetadata()
    {
        var answer = await _server.SendAsync(
            HttpMethod.Get, "/echo/headers", null, null, ("X-Api-Key", "ucap"), ("x-some-bin", "AQI"), ("x-bad-bin", "!"));
        var seen = Codecs.Read<Echo>(answer.Body).Seen;

        Assert.Equal("ucap", seen["x-api-key"]);
        Assert.Equal("0102", seen["x-some-bin"]);
        Assert.DoesNotContain("x-bad-bin", seen.Keys);
    }

    [Fact]
    public async Task HeadersAndTrailers_OfAHandler_AreHeaders()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/echo/trailers");

        Assert.Equal("7", answer.Header("x-cost"));
        Assert.Equal("yes", answer.Header("x-early"));
    }

    [Fact]
    public async Task Refusal_ByTheHandler_IsRenderedWithItsDetails()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/echo/refuse");
        using var body = JsonDocument.Parse(answer.Body);
        var error = body.RootElement.GetProperty("error");

        Assert.Equal(429, answer.Status);
        Assert.Equal("3", answer.Header("Retry-After"));
        Assert.Equal("RESOURCE_EXHAUSTED", error.GetProperty("status").GetString());
        Assert.Equal("Slow down.", error.GetProperty("message").GetString());
        Assert.Equal("ERROR_RATE_LIMIT", error.GetProperty("details")[0].GetProperty("reason").GetString());
        Assert.Equal("10", error.GetProperty("details")[0].GetProperty("metadata").GetProperty("limit").GetString());
        Assert.Equal("", answer.Header("grpc-status-details-bin"));
    }

    [Fact]
    public async Task Status_SetOnTheContext_IsAnError()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/echo/status");

        Assert.Equal(404, answer.Status);
        Assert.Contains("set on the context", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_OfTheHandler_ShowsATraceIdAndNothingElse()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/echo/crash");
        using var body = JsonDocument.Parse(answer.Body);
        var traceId = body.RootElement.GetProperty("error").GetProperty("details")[0].GetProperty("requestId").GetString()!;

        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("secret-of-the-handler", answer.Body, StringComparison.Ordinal);
        var line = Assert.Single(_server.Handlers.Logged);
        Assert.Contains(traceId, line, StringComparison.Ordinal);
        Assert.Contains("secret-of-the-handler", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deadline_ThatPasses_EndsTheCall()
    {
        var answer = await _server.SendAsync(HttpMethod.Get, "/echo/wait", null, null, ("grpc-timeout", "20m"));

        Assert.Equal(504, answer.Status);
        Assert.Contains("DEADLINE_EXCEEDED", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ThatGoesAway_CancelsTheHandler()
    {
        using var leave = new CancellationTokenSource();
        var call = _server.Client.GetAsync(new Uri("/echo/wait", UriKind.Relative), leave.Token);
        await _server.Handlers.Started.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _server.Handlers.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(_server.Handlers.Logged);
    }

    [Fact]
    public async Task GrpcCall_ThatIsRefused_CarriesItsDetails()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await _server.Grpc.FindAsync(new Echo { Text = "refuse" }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.NotNull(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
    }
}
