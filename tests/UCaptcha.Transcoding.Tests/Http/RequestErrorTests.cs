using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace UCaptcha.Transcoding.Tests.Http;

public sealed class RequestErrorTests : IAsyncLifetime
{
    private JobServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await JobServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData("{\"clientKey\":", "The body is not valid JSON (line 1, byte 14).")]
    [InlineData("[]", "The body must be an object.")]
    [InlineData("{\"clientKey\":5}", "clientKey must be a string.")]
    [InlineData("{\"task\":{\"proxyPort\":\"secret\"}}", "task.proxyPort must be a whole number.")]
    [InlineData("{\"a\":1,\"a\":1}", "a occurs more than once.")]
    public async Task Body_ThatIsWrong_IsABadRequest(string body, string sentence)
    {
        var answer = await _server.PostAsync("/createJob", body);

        Assert.Equal((400, "application/json"), (answer.Status, answer.ContentType));
        Assert.Contains($"\"message\":\"{sentence}\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"INVALID_ARGUMENT\"", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.Empty(_server.Handlers.Logged);
        Assert.Null(_server.Handlers.LastJob);
    }

    [Theory]
    [InlineData("POST", "/createJob", "{\"clientKey\":\"k\",\"task\":{\"proxyPort\":\"x\"}}")]
    [InlineData("POST", "/createJob", "{\"task\":{\"odd\":9007199254740993,\"plain\":{\"int32s\":[1,[]]}},\"clientKey\":\"k\"}")]
    [InlineData("PUT", "/jobs/7?clientKey=k", "{\"proxyPort\":\"x\"}")]
    [InlineData("PUT", "/jobs/7?softId=x&clientKey=k", "{}")]
    public async Task Value_ThatDoesNotFit_IsRefusedBehindTheInterceptors(string method, string path, string body)
    {
        await using var server = await JobServer.StartAsync(
            addServices: services => services.AddGrpc(options => options.Interceptors.Add<KeyInterceptor>()));
        var known = await server.SendAsync(new HttpMethod(method), path, body);
        var unknown = await server.SendAsync(
            new HttpMethod(method),
            path.Replace("=k", "=other", StringComparison.Ordinal),
            body.Replace("\"k\"", "\"other\"", StringComparison.Ordinal));

        Assert.Equal((400, 401), (known.Status, unknown.Status));
        Assert.Null(server.Handlers.LastJob);
    }

    [Theory]
    [InlineData("{\"clientKey\":5,\"task\":")]
    [InlineData("{\"clientKey\":5,\"clientKey\":5}")]
    [InlineData("{\"softId\":true,\"task\":{\"odd\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}")]
    [InlineData("[]")]
    public async Task Body_ThatCannotBeRead_IsRefusedBeforeTheInterceptors(string body)
    {
        var answer = await _server.PostAsync("/createJob", body);

        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain("clientKey must", answer.Body, StringComparison.Ordinal);
        Assert.Empty(_server.Handlers.Intercepted);
    }

    [Fact]
    public async Task Body_OfNoContentAtAll_IsABadRequest()
    {
        var answer = await _server.SendAsync(HttpMethod.Post, "/createJob");

        Assert.Equal(400, answer.Status);
        Assert.Contains("The body is empty.", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(5, false)]
    [InlineData(40, false)]
    public async Task Body_OfManyMegabytes_IsRefusedInForm(int megabytes, bool isChunked)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"clientKey\":\"" + new string('x', megabytes << 20) + "\"}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/createJob") { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;
        using var response = await _server.Client.SendAsync(request, Cancellation);
        var answer = await Answer.OfAsync(response);

        Assert.Equal((413, "application/json"), (answer.Status, answer.ContentType));
        Assert.Contains("RESOURCE_EXHAUSTED", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_UnderTheLimit_IsReadHoweverItComes(bool isChunked)
    {
        var key = new string('x', 1_000_000);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"clientKey":"{{key}}"}"""));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/createJob") { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;
        using var response = await _server.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(key, _server.Handlers.LastJob!.ClientKey);
    }

    [Fact]
    public async Task Body_OverALimitAboveTheServersOwn_IsOurs()
    {
        await using var server = await JobServer.StartAsync(options => options.Json.MaxSize = 40 << 20);
        var answer = await server.PostAsync("/createJob", "{\"clientKey\":\"" + new string('x', 31 << 20) + "\"}");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Body_OfNestedBrackets_IsRefusedInForm()
    {
        var answer = await _server.PostAsync("/createJob", "{\"task\":{\"odd\":" + new string('[', 10_000));

        Assert.Equal(400, answer.Status);
        Assert.Contains("is nested deeper than 30 levels.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_WithABrokenChunk_IsRefusedInForm()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _server.Client.BaseAddress!.Port, Cancellation);
        var stream = socket.GetStream();
        await stream.WriteAsync("POST /createJob HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"u8.ToArray(), Cancellation);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Cancellation);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("The body could not be read to its end.", answer, StringComparison.Ordinal);
    }
}
