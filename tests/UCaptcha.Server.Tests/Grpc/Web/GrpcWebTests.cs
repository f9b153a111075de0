using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;
using TaskStatus = UCaptcha.V1.TaskStatus;

namespace UCaptcha.Server.Tests.Grpc.Web;

/// <summary>gRPC-Web by its bytes; real client libraries in a real browser are in the conformance tests.</summary>
public sealed class GrpcWebTests : IAsyncLifetime
{
    private const string Origin = "https://app.example.com";

    private readonly HttpClient _http = new();
    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(new Dictionary<string, string>
    {
        ["Keys__test__Key"] = Scenario.Key,
        ["Http__Cors__Origins__0"] = Origin,
        ["Streams__HeartbeatMs"] = "200",
    });

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc-web-text+proto")]
    [InlineData("application/grpc-web-text")]
    public async Task Unary_InEachMode_AnswersAMessageAndTheTrailers(string type)
    {
        var (answer, frames) = await CallAsync("GetBalance", new GetBalanceRequest { ClientKey = Scenario.Key }, type);
        Assert.Equal((HttpStatusCode.OK, type.Split('+')[0]), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal([(byte)0, (byte)0x80], frames.Select(frame => frame.Flag));
        Assert.Equal(1000, GetBalanceResponse.Parser.ParseFrom(frames[0].Bytes).Balance);
        Assert.Contains("grpc-status: 0\r\n", Encoding.ASCII.GetString(frames[1].Bytes));
    }

    [Theory]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpc-web-text")]
    public async Task ServerStream_InEachMode_AnswersEveryMessageAndTheTrailers(string type)
    {
        using var api = new Api(_server, Scenario.Key);
        var (_, frames) = await CallAsync("WatchTask", new WatchTaskRequest { ClientKey = Scenario.Key, TaskId = await api.CreateAsync() }, type);
        var states = frames[..^1].Select(frame => WatchTaskResponse.Parser.ParseFrom(frame.Bytes)).ToArray();
        Assert.Equal((TaskStatus.Processing, TaskStatus.Ready), (states[0].Status, states[^1].Status));
        // The sandbox takes about a second: the present state came again on the way.
        Assert.True(states.Length > 3, $"{states.Length} states");
        Assert.Equal(0x80, frames[^1].Flag);
    }

    [Fact]
    public async Task Refusal_HasItsStatusAmongTheHeadersThatBrowsersMaySee()
    {
        var (answer, _) = await CallAsync("GetBalance", new GetBalanceRequest { ClientKey = "no-such-key" }, "application/grpc-web+proto");
        Assert.Equal("16", answer.Headers.GetValues("grpc-status").Single());
        Assert.NotEmpty(answer.Headers.GetValues("grpc-status-details-bin").Single());
        Assert.Equal(Origin, answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("grpc-status", string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("application/grpc-web-text", "!!!!")]
    [InlineData("application/grpc-web-text", "AAAA=")]
    [InlineData("application/grpc-web", "no frame")]
    public async Task UnreadableBody_IsARefusalAndNoFault(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await _http.PostAsync(UrlOf("GetBalance"), content);
        Assert.True((int)answer.StatusCode < 500, answer.StatusCode.ToString());
        Assert.DoesNotContain(_server.Program.Output, line => line.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task UnknownMethod_IsUnimplemented()
    {
        var (answer, _) = await CallAsync("NoSuch", new GetBalanceRequest(), "application/grpc-web+proto");
        Assert.Equal("12", answer.Headers.GetValues("grpc-status").Single());
        Assert.Equal("application/grpc-web", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData(Origin, true)]
    [InlineData("https://evil.example", false)]
    public async Task Preflight_OfAListedOrigin_IsAllowedAndNoOther(string origin, bool isAllowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, _server.Http + "/createTask");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,idempotency-key,last-event-id,x-api-key,x-grpc-web");
        using var answer = await _http.SendAsync(request);
        Assert.Equal(isAllowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(isAllowed, answer.Headers.TryGetValues("Access-Control-Allow-Headers", out var headers) && string.Join(',', headers).Contains("Last-Event-ID", StringComparison.OrdinalIgnoreCase));
        Assert.False(answer.Headers.Contains("X-RateLimit-Limit"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("GET")]
    public async Task AdminPort_ForAListedOrigin_AllowsNone(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), _server.Admin + "/admin/v1/keys");
        request.Headers.Add("Origin", Origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        using var answer = await _http.SendAsync(request);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    private string UrlOf(string method) => $"{_server.Http}/ucaptcha.v1.CaptchaService/{method}";

    private async Task<(HttpResponseMessage Answer, List<(byte Flag, byte[] Bytes)> Frames)> CallAsync(string method, IMessage message, string type)
    {
        var isText = type.Contains("-text", StringComparison.Ordinal);
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        // As two padded parts, which clients may send.
        var body = isText ? Encoding.ASCII.GetBytes(Convert.ToBase64String(frame[..5]) + Convert.ToBase64String(frame[5..])) : frame;
        using var request = new HttpRequestMessage(HttpMethod.Post, UrlOf(method)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Add("Origin", Origin);
        var answer = await _http.SendAsync(request);
        return (answer, Frames(await answer.Content.ReadAsByteArrayAsync(), isText));
    }

    private static List<(byte, byte[])> Frames(byte[] body, bool isText)
    {
        var bytes = isText ? Decode(Encoding.ASCII.GetString(body)) : body;
        var frames = new List<(byte, byte[])>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 1));
            frames.Add((bytes[at], bytes[(at + 5)..(at + 5 + length)]));
            at += 5 + length;
        }

        return frames;
    }

    private static byte[] Decode(string text) => [.. text.Chunk(4).SelectMany(quantum => Convert.FromBase64CharArray(quantum, 0, 4))];
}
