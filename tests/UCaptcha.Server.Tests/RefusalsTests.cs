using System.Net;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

/// <summary>Bad input on both surfaces: the documented code, the documented status, a sentence that names the field.</summary>
public sealed class RefusalsTests(RefusalsTests.Fixture fixture) : IClassFixture<RefusalsTests.Fixture>
{
    private const string Key = "refusals-key";

    public static TheoryData<string, string, int, string, string> BadBodies => new()
    {
        { "/createTask", """{"clientKey":"wrong-key-1","task":{}}""", 401, "ERROR_KEY_DOES_NOT_EXIST", "API key" },
        { "/createTask", """{"task":{}}""", 401, "ERROR_KEY_DOES_NOT_EXIST", "clientKey" },
        { "/createTask", """{"clientKey":"refusals-key"}""", 400, "ERROR_BAD_PARAMETERS", "task " },
        { "/createTask", """{"clientKey":"refusals-key","task":{}}""", 400, "ERROR_BAD_PARAMETERS", "task.type" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"NoSuchTask"}}""", 400, "TASK_NOT_SUPPORTED", "task.type" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"RecaptchaV2Task","websiteKey":"k"}}""", 400, "ERROR_PAGEURL", "task.websiteURL" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"RecaptchaV2Task","websiteURL":"example.com","websiteKey":"k"}}""", 400, "ERROR_PAGEURL", "task.websiteURL" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"RecaptchaV2Task","websiteURL":"https://example.com"}}""", 400, "ERROR_SITEKEY", "task.websiteKey" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"k","proxy":"nonsense"}}""", 400, "ERROR_PROXY_FORMAT", "task.proxy" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"RecaptchaV3TaskProxyless","websiteURL":"https://example.com","websiteKey":"k","minScore":2}}""", 400, "ERROR_BAD_PARAMETERS", "task.minScore" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"ImageToTextTask","body":"AAAA"}}""", 400, "ERROR_ZERO_CAPTCHA_FILESIZE", "task.body" },
        { "/createTask", """{"clientKey":"refusals-key","selectionMode":"best","task":{"type":"RecaptchaV2Task"}}""", 400, "ERROR_BAD_PARAMETERS", "selectionMode" },
        { "/createTask", """{"clientKey":"refusals-key","provider":"nobody","task":{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"k"}}""", 400, "ERROR_BAD_PARAMETERS", "provider" },
        { "/createTask", """{"clientKey":"refusals-key","callbackUrl":"ftp://example.com/","task":{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"k"}}""", 400, "ERROR_BAD_PARAMETERS", "callbackUrl" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"k"}}""", 503, "NO_PROVIDERS_AVAILABLE", "sandbox" },
        { "/createTask", """{"clientKey":"refusals-key","task":{"type":"Recaptcha""", 400, "ERROR_BAD_PARAMETERS", "JSON" },
        { "/createTask", """{"clientKey":["refusals-key"]}""", 400, "ERROR_BAD_PARAMETERS", "clientKey" },
        { "/createTask", """{"clientKey":"refusals-key","clientKey":"refusals-key"}""", 400, "ERROR_BAD_PARAMETERS", "clientKey" },
        { "/createTask", """[]""", 400, "ERROR_BAD_PARAMETERS", "object" },
        { "/createTask", "", 400, "ERROR_BAD_PARAMETERS", "body" },
        { "/getTaskResult", """{"clientKey":"refusals-key","taskId":"550e8400-e29b-41d4-a716-446655440000"}""", 404, "ERROR_WRONG_CAPTCHA_ID", "taskId" },
        { "/getTaskResult", """{"clientKey":"refusals-key","taskId":7654321}""", 404, "ERROR_WRONG_CAPTCHA_ID", "taskId" },
        { "/getTaskResult", """{"clientKey":"refusals-key","taskId":"no id"}""", 404, "ERROR_WRONG_CAPTCHA_ID", "taskId" },
        { "/getTaskResult", """{"clientKey":"refusals-key"}""", 400, "ERROR_BAD_PARAMETERS", "taskId" },
        { "/feedbackTask", """{"clientKey":"refusals-key","taskId":1}""", 400, "ERROR_BAD_PARAMETERS", "result" },
        { "/feedbackTask", """{"clientKey":"refusals-key","taskId":1,"result":{"message":"x"}}""", 400, "ERROR_BAD_PARAMETERS", "result.invalid" },
        { "/createTask", """{"clientKey":"refusals-key","requestId":"a\u0000b","task":{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"k"}}""", 400, "ERROR_BAD_PARAMETERS", "requestId" },
        { "/createTask", """{"clientKey":"refusals-key","requestId":"a\ud800b","task":{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"k"}}""", 400, "ERROR_BAD_PARAMETERS", "requestId" },
        { "/feedbackTask", """{"clientKey":"refusals-key","taskId":1,"result":{"invalid":true,"code":"a\nb"}}""", 400, "ERROR_BAD_PARAMETERS", "result.code" },
        { "/feedbackTask", """{"clientKey":"refusals-key","taskId":1,"result":{"invalid":true,"message":"a\u0000b"}}""", 400, "ERROR_BAD_PARAMETERS", "result.message" },
        { "/solveTask", """{"clientKey":"refusals-key","waitMs":0,"task":{"type":"RecaptchaV2Task"}}""", 400, "ERROR_BAD_PARAMETERS", "waitMs" },
        { "/watchTasks", """{"clientKey":"refusals-key","cursor":"x"}""", 400, "ERROR_BAD_PARAMETERS", "cursor" },
        { "/watchTasks", """{"clientKey":"refusals-key","cursor":"9223372036854775807"}""", 400, "ERROR_BAD_PARAMETERS", "cursor" },
        { "/noSuchMethod", "{}", 404, "ERROR_NO_SUCH_METHOD", "method" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Post_BadBody_GetsTheDocumentedCodeStatusAndASentence(string path, string body, int status, string code, string named)
    {
        var (answered, answer) = await fixture.Api.PostAsync(path, body);
        Assert.Equal((HttpStatusCode)status, answered);
        Assert.Equal(1, answer.GetProperty("errorId").GetInt32());
        Assert.Equal(code, answer.GetProperty("errorCode").GetString());
        Assert.Contains(named, answer.GetProperty("errorDescription").GetString());
        Assert.Equal(3, answer.EnumerateObject().Count());
    }

    [Fact]
    public async Task Post_TenThousandNestedBrackets_AreRefusedAndTheServerLives()
    {
        var nested = $$$"""{"clientKey":"{{{Key}}}","task":{"type":"RecaptchaV2Task","extra":{{{new string('[', 10_000)}}}{{{new string(']', 10_000)}}} } }""";
        var (status, answer) = await fixture.Api.PostAsync("/createTask", nested);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("ERROR_BAD_PARAMETERS", answer.GetProperty("errorCode").GetString());
        Assert.Equal(1000, await fixture.Api.BalanceAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_FiveMegabytes_AreRefusedAs413(bool withLength)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"clientKey":"{{new string('a', 5_000_000)}}"}""");
        using HttpContent content = withLength ? new ByteArrayContent(body) : new StreamContent(new UnsizedStream(body));
        var (status, answer) = await fixture.Api.PostAsync("/createTask", content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("ERROR_BAD_PARAMETERS", answer.GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task Get_OfAPostPath_Is405WithAllow()
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(fixture.Server.Http + "/createTask");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Contains("ERROR_NO_SUCH_METHOD", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Post_AnyContentType_IsReadAsJson(string? contentType)
    {
        using var content = new StringContent($$"""{"clientKey":"{{Key}}"}""");
        content.Headers.ContentType = contentType is null ? null : new(contentType);
        var (status, answer) = await fixture.Api.PostAsync("/getBalance", content);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1000, answer.GetProperty("balance").GetDouble());
    }

    [Theory]
    [InlineData("wrong-key-1", "RecaptchaV2Task", StatusCode.Unauthenticated, "ERROR_KEY_DOES_NOT_EXIST")]
    [InlineData(Key, "NoSuchTask", StatusCode.InvalidArgument, "TASK_NOT_SUPPORTED")]
    [InlineData(Key, "RecaptchaV2Task", StatusCode.InvalidArgument, "ERROR_PAGEURL")]
    public async Task Grpc_BadRequest_GetsTheStatusWithOneErrorInfo(string key, string type, StatusCode status, string reason)
    {
        using var channel = GrpcChannel.ForAddress(fixture.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.CreateTaskAsync(new CreateTaskRequest { ClientKey = key, Task = new CaptchaTask { Type = type } }));
        Assert.Equal(status, refusal.StatusCode);
        var details = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        var info = Assert.Single(details.Details).Unpack<ErrorInfo>();
        Assert.Equal(reason, info.Type);
        Assert.Equal("ucaptcha", info.Domain);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public async Task Grpc_ExtraNumberWithoutAJsonForm_IsABadParameter(double number)
    {
        using var channel = GrpcChannel.ForAddress(fixture.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var task = new CaptchaTask
        {
            Type = "RecaptchaV2Task",
            WebsiteUrl = "https://example.com",
            WebsiteKey = "k",
            Extra = new Struct { Fields = { ["odd"] = Value.ForList(Value.ForNumber(number)) } },
        };

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.CreateTaskAsync(new CreateTaskRequest { ClientKey = Key, Task = task }));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        var info = Assert.Single(Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin")).Details).Unpack<ErrorInfo>();
        Assert.Equal(("ERROR_BAD_PARAMETERS", "task"), (info.Type, info.Metadata["field"]));
    }

    [Fact]
    public async Task Post_PastItsDeadline_MayBeTriedAgain()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, fixture.Server.Http + "/watchTasks") { Content = new StringContent($$"""{"clientKey":"{{Key}}"}""") };
        request.Headers.Add("grpc-timeout", "1n");

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"errorCode\":\"ERROR_SERVICE_NOT_AVAILABLE\"", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Grpc_KeyInMetadata_Works()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var answer = await client.GetBalanceAsync(new GetBalanceRequest(), new Metadata { { "x-api-key", Key } });
        Assert.Equal(1000, answer.Balance);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public ServerProcess Server { get; private set; } = null!;

        internal Api Api { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__test__Key"] = Key });
            Api = new Api(Server, Key);
        }

        public async ValueTask DisposeAsync()
        {
            Api.Dispose();
            await Server.DisposeAsync();
        }
    }

    private sealed class UnsizedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
