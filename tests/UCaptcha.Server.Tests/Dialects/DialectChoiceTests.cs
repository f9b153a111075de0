using System.Net;
using System.Text.Json;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Dialects;

/// <summary>Path, key, host, default: in this order. The errors of the four vendors tell them apart.</summary>
public sealed class DialectChoiceTests(DialectChoiceTests.Fixture fixture) : IClassFixture<DialectChoiceTests.Fixture>
{
    private const string Plain = "plain-key";
    private const string OfAntiCaptcha = "key-of-anticaptcha";

    [Theory]
    [InlineData("/getTaskResult", Plain, "127.0.0.1", 1, "ERROR_NO_SUCH_CAPCHA_ID", 200)]
    [InlineData("/getTaskResult/", Plain, "127.0.0.1", 1, "ERROR_NO_SUCH_CAPCHA_ID", 200)]
    [InlineData("/getTaskResult", Plain, "solver.example.com", 1, "ERROR_TASKID_INVALID", 400)]
    [InlineData("/getTaskResult", Plain, "SOLVER.example.com:8080", 1, "ERROR_TASKID_INVALID", 400)]
    [InlineData("/getTaskResult", OfAntiCaptcha, "solver.example.com", 16, "ERROR_NO_SUCH_CAPCHA_ID", 200)]
    [InlineData("/getTaskResult", OfAntiCaptcha + "__nocache", "127.0.0.1", 1, "ERROR_KEY_DOES_NOT_EXIST", 200)]
    [InlineData("/twocaptcha/getTaskResult", OfAntiCaptcha, "solver.example.com", 16, "ERROR_NO_SUCH_CAPCHA_ID", 200)]
    [InlineData("/capsolver/getTaskResult", OfAntiCaptcha, "127.0.0.1", 1, "ERROR_TASKID_INVALID", 400)]
    [InlineData("/ucaptcha/getTaskResult", OfAntiCaptcha, "127.0.0.1", 1, "ERROR_WRONG_CAPTCHA_ID", 404)]
    [InlineData("/getTaskResult", "unknown-key", "127.0.0.1", 1, "ERROR_KEY_DOES_NOT_EXIST", 200)]
    [InlineData("/getTaskResult", "unknown-key", "solver.example.com", 1, "ERROR_KEY_DOES_NOT_EXIST", 401)]
    [InlineData("/anticaptcha/noSuchMethod", Plain, "127.0.0.1", 14, "ERROR_NO_SUCH_METHOD", 200)]
    [InlineData("/noSuchMethod", Plain, "solver.example.com", 1, "ERROR_BAD_REQUEST", 400)]
    public async Task Refusal_OfAnUnknownTask_IsInTheChosenDialect(string path, string key, string host, int errorId, string code, int status)
    {
        var (answered, body) = await PostAsync(path, $$"""{"clientKey":"{{key}}","taskId":7654321}""", host);
        Assert.Equal((status, errorId, code), ((int)answered, body.GetProperty("errorId").GetInt32(), body.GetProperty("errorCode").GetString()));
    }

    [Fact]
    public async Task Refusal_OfABodyThatIsNoJson_SkipsTheKey()
    {
        var (status, body) = await PostAsync("/createTask", $$"""{"clientKey":"{{OfAntiCaptcha}}","task":{""", "127.0.0.1");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["errorId", "errorCode", "errorDescription", "taskId"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("ERROR_TASK_ABSENT", 0), (body.GetProperty("errorCode").GetString(), body.GetProperty("taskId").GetInt32()));
    }

    [Fact]
    public async Task Get_OfAPostPath_IsRefusedInTheDialect()
    {
        using var answer = await fixture.Http.GetAsync("/anticaptcha/createTask");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"errorId\":14", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/useragent/actual")]
    [InlineData("/capmonster/api/useragent/actual")]
    public async Task UserAgentHelper_Get_IsTheSettingAsText(string path)
    {
        using var answer = await fixture.Http.GetAsync(path);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Mozilla/5.0 (a test)", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Task_InAnyIdForm_IsFoundInEveryDialect()
    {
        var task = Api.Task();
        var (_, created) = await PostAsync("/capmonster/createTask", $$"""{"clientKey":"{{Plain}}","task":{{task}},"softId":54,"callbackUrl":null}""", "127.0.0.1");
        var shortId = created.GetProperty("taskId").GetInt32();
        JsonElement result = default;
        await Eventually.TrueAsync(async () =>
            (result = (await PostAsync("/ucaptcha/getTaskResult", $$"""{"clientKey":"{{Plain}}","taskId":{{shortId}}}""", "127.0.0.1")).Body).GetProperty("status").GetString() == "ready");
        var uuid = result.GetProperty("taskId").GetString();
        foreach (var id in new[] { $"{shortId}", $"\"{shortId}\"", $"\"{uuid}\"" })
        {
            var (_, again) = await PostAsync("/anticaptcha/getTaskResult", $$"""{"clientKey":"{{Plain}}","taskId":{{id}}}""", "127.0.0.1");
            Assert.Equal("ready", again.GetProperty("status").GetString());
        }
    }

    [Theory]
    [InlineData("\"foo\":\"bar\",\"options\":{\"list\":[\"item1\"],\"proxyPassword\":\"hunter2\"}", "\"foo\":\"bar\",\"options\":{\"list\":[\"item1\"],\"proxyPassword\":\"***\"}")]
    [InlineData("\"a\":{\"Client_Key\":\"x\",\"API-KEY\":\"y\"},\"key\":\"z\"", "\"a\":{\"Client_Key\":\"***\",\"API-KEY\":\"***\"},\"key\":\"***\"")]
    [InlineData("\"task\":{\"websiteKey\":\"k\",\"proxy\":{\"a\":1},\"proxy_login\":7}", "\"task\":{\"websiteKey\":\"k\",\"proxy\":\"***\",\"proxy_login\":\"***\"}")]
    [InlineData("\"via\":\"socks5://u:p@ss@203.0.113.9:1080\",\"more\":[\"u:p@h\",\"me@example.com\"]", "\"via\":\"socks5://***@203.0.113.9:1080\",\"more\":[\"***@h\",\"me@example.com\"]")]
    [InlineData($"\"note\":\"my key is {Plain}\",\"{Plain}\":true", "\"note\":\"my key is ***\",\"***\":true")]
    public async Task Test_OfARequest_ShowsItWithoutItsSecrets(string members, string shown)
    {
        foreach (var key in new[] { Plain, Plain + "__nocache" })
        {
            var (_, body) = await PostAsync("/capmonster/test", $$"""{"clientKey":"{{key}}",{{members}}}""", "127.0.0.1");
            Assert.Equal($$$"""{"errorId":0,"request":{{{{shown}}}}}""", body.GetRawText());
        }
    }

    [Fact]
    public async Task WatchTask_InADialectWithNumbers_ShowsTheNumber()
    {
        var (_, created) = await PostAsync("/capmonster/createTask", $$"""{"clientKey":"{{Plain}}","task":{{Api.Task()}}}""", "127.0.0.1");
        using var answer = await fixture.Http.PostAsync("/capmonster/watchTask", new StringContent($$"""{"clientKey":"{{Plain}}","taskId":{{created.GetProperty("taskId")}}}"""));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith($"{{\"errorId\":0,\"taskId\":{created.GetProperty("taskId")},", line));
        Assert.Contains("\"status\":\"ready\"", lines[^1]);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body), Headers = { Host = host } };
        using var response = await fixture.Http.SendAsync(request);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private ServerProcess _server = null!;

        public HttpClient Http { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _server = await ServerProcess.StartAsync(new Dictionary<string, string>
            {
                ["Keys__plain__Key"] = Plain,
                ["Keys__anti__Key"] = OfAntiCaptcha,
                ["Keys__anti__Dialect"] = "AntiCaptcha",
                ["Dialects__capsolver__Hosts__0"] = "solver.example.com",
                ["DefaultDialect"] = "capmonster",
                ["UserAgent"] = "Mozilla/5.0 (a test)",
            });
            Http = new HttpClient { BaseAddress = new Uri(_server.Http) };
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await _server.DisposeAsync();
        }
    }
}
