using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using UCaptcha.TestKit;

namespace UCaptcha.Conformance;

/// <summary>
/// What clients of this family need on the wire, whoever wrote them: rule by rule, at an account that takes tasks as they come. Further rules have tests
/// of their own: 503 on getTaskResult (DialectRowsTests), the codes that CapMonster's clients know (there too), and every documented body (Documented).
/// </summary>
public sealed class WireRulesTests(VendorHostsServer fixture) : IClassFixture<VendorHostsServer>, IDisposable
{
    private const string Key = VendorHostsServer.Key;
    private const string Page = "\"websiteURL\":\"https://www.example.com/\",\"websiteKey\":\"k\"";
    private const string Recaptcha = $$"""{"type":"NoCaptchaTask",{{Page}}}""";

    private static readonly string[] Numeric = ["capmonster", "anticaptcha", "twocaptcha"];

    private static readonly string[] Paths =
    [
        "createTask", "getTaskResult", "getBalance", "reportIncorrectImageCaptcha", "reportIncorrectTokenCaptcha", "reportIncorrectRecaptcha", "reportCorrectRecaptcha",
        "reportIncorrectHcaptcha", "reportIncorrect", "reportCorrect",
    ];

    // As long as the .NET and JavaScript clients of CapMonster Cloud wait for any answer.
    private readonly HttpClient _http = new() { BaseAddress = new Uri(fixture.Server.Http), Timeout = TimeSpan.FromSeconds(21) };

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task Body_OfAnyContentTypeOrNone_IsReadAsJsonAtEveryPath(string? type)
    {
        foreach (var path in Paths)
        {
            var (status, answer, answered) = await PostAsync($"/capmonster/{path}", $$"""{"clientKey":"{{Key}}","task":{{Recaptcha}},"taskId":2147483647}""", type);
            Assert.Equal((HttpStatusCode.OK, "application/json"), (status, answered));
            var found = path is "createTask" or "getBalance";
            Assert.Equal(found ? 0 : 1, answer.GetProperty("errorId").GetInt32());
            Assert.Equal(found ? null : "ERROR_NO_SUCH_CAPCHA_ID", answer.TryGetProperty("errorCode", out var code) ? code.GetString() : null);
        }
    }

    [Theory]
    [InlineData("//getBalance")]
    [InlineData("/getBalance/")]
    [InlineData("/capmonster//getBalance")]
    [InlineData("//capmonster/getBalance")]
    public async Task Path_OfABaseUrlWithASlashAtItsEnd_IsTheSame(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, fixture.Server.Http + path) { Content = new StringContent($$"""{"clientKey":"{{Key}}"}""") };
        using var response = await _http.SendAsync(request);
        Assert.Equal(0, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("errorId").GetInt32());
    }

    [Fact]
    public async Task Body_WithAByteOrderMarkOrAnnouncedFirst_IsRead()
    {
        using var marked = new ByteArrayContent([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($$"""{"clientKey":"{{Key}}"}""")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/capmonster/getBalance") { Content = marked, Version = HttpVersion.Version11 };
        request.Headers.ExpectContinue = true;
        using var response = await _http.SendAsync(request);
        Assert.Equal(0, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("errorId").GetInt32());
    }

    [Fact]
    public async Task TaskId_InDialectsWithNumbers_IsAPositiveInt32AndFoundAsNumberAndText()
    {
        foreach (var dialect in Numeric)
        {
            for (var i = 0; i < 20; i++)
                Assert.InRange((await CreateAsync(dialect, Recaptcha)).GetInt32(), 1, int.MaxValue);
            var id = await CreateAsync(dialect, Recaptcha);
            foreach (var form in new[] { id.GetRawText(), $"\"{id.GetRawText()}\"" })
                Assert.Equal(0, (await ResultAsync(dialect, form)).GetProperty("errorId").GetInt32());
        }
    }

    [Theory]
    [InlineData("{}", "taskId is missing.")]
    [InlineData("""{"taskId":null}""", "taskId is missing.")]
    [InlineData("""{"taskId":0}""", "No task")]
    [InlineData("""{"taskId":-1}""", "No task")]
    [InlineData("""{"taskId":72345678901}""", "No task")]
    [InlineData("""{"taskId":"550e8400-e29b-41d4-a716-446655440000"}""", "No task")]
    [InlineData("""{"taskId":1.5}""", "taskId")]
    [InlineData("""{"taskId":[1]}""", "taskId")]
    public async Task TaskId_ThatNamesNothing_IsTheVendorsCode(string members, string sentence)
    {
        var body = $"{{\"clientKey\":\"{Key}\",{members[1..]}".Replace(",}", "}", StringComparison.Ordinal);
        foreach (var dialect in Numeric)
        {
            var (status, answer, _) = await PostAsync($"/{dialect}/getTaskResult", body);
            Assert.Equal((HttpStatusCode.OK, "ERROR_NO_SUCH_CAPCHA_ID"), (status, answer.GetProperty("errorCode").GetString()));
            Assert.Contains(sentence, answer.GetProperty("errorDescription").GetString());
            Assert.False(answer.TryGetProperty("status", out _));
        }
    }

    [Fact]
    public async Task Status_OfATaskInDialectsWithNumbers_IsProcessingThenReadyAndNeverFailed()
    {
        foreach (var dialect in Numeric)
        {
            var slow = await ResultAsync(dialect, (await CreateAsync(dialect, Recaptcha, "-slow")).GetRawText(), "-slow");
            Assert.Equal("processing", slow.GetProperty("status").GetString());

            var ready = await EndedAsync(dialect, Recaptcha, "");
            Assert.Equal(("ready", JsonValueKind.Object), (ready.GetProperty("status").GetString(), ready.GetProperty("solution").ValueKind));

            var failed = await EndedAsync(dialect, Recaptcha, "-bad");
            Assert.NotEqual(0, failed.GetProperty("errorId").GetInt32());
            Assert.Equal("ERROR_CAPTCHA_UNSOLVABLE", failed.GetProperty("errorCode").GetString());
            Assert.False(failed.TryGetProperty("status", out _) || failed.TryGetProperty("solution", out _));
        }
    }

    // The task itself takes a minute: a server that waited for it would outlast the client's 21 seconds.
    [Fact]
    public async Task GetTaskResult_OfASlowTask_DoesNotWaitForIt() =>
        Assert.Equal("processing", (await ResultAsync("capmonster", (await CreateAsync("capmonster", Recaptcha, "-slow")).GetRawText(), "-slow")).GetProperty("status").GetString());

    [Theory]
    [InlineData($$"""{"type":"NoCaptchaTask",{{Page}},"cookies":"","proxyPort":0,"proxyType":"http"}""")]
    [InlineData($$"""{"type":"TurnstileTask",{{Page}},"proxyAddress":"","proxyPort":"0","proxyType":"","proxyLogin":"","proxyPassword":""}""")]
    [InlineData($$"""{"type":"RecaptchaV2TaskProxyless",{{Page}},"websiteSToken":null,"recaptchaDataSValue":null,"proxyAddress":null,"proxyPort":null}""")]
    [InlineData("""{"TYPE":"recaptchav2TASK","WebsiteUrl":"https://www.example.com/","WEBSITEKEY":"k","IsInvisible":1}""")]
    [InlineData("""{"type":"CustomTask","Class":"CASTLE","websiteUrl":"https://www.example.com/","websiteKey":"k","Metadata":{"wUrl":"w","swUrl":"s","count":1}}""")]
    [InlineData($$"""{"type":"NoCaptchaTask",{{Page}},"nobodyKnows":{"this":[1,null,{"at":"all"}]},"version":3}""")]
    [InlineData($$"""{"type":"YidunTask",{{Page}},"hct":1751469954806}""")]
    public async Task Task_AsClientsWriteIt_IsTaken(string task)
    {
        foreach (var dialect in Numeric)
        {
            var (_, answer, _) = await PostAsync(
                $"/{dialect}/createTask", $$"""{"clientKey":"{{Key}}","task":{{task}},"softId":0,"languagePool":"en","callbackUrl":null,"appId":null,"nobodyKnows":1}""");
            Assert.Equal(0, answer.GetProperty("errorId").GetInt32());
        }
    }

    private async Task<JsonElement> CreateAsync(string dialect, string task, string key = "") =>
        (await PostAsync($"/{dialect}/createTask", $$"""{"clientKey":"{{Key}}{{key}}","task":{{task}}}""")).Answer.GetProperty("taskId");

    private async Task<JsonElement> ResultAsync(string dialect, string taskId, string key = "") =>
        (await PostAsync($"/{dialect}/getTaskResult", $$"""{"clientKey":"{{Key}}{{key}}","taskId":{{taskId}}}""")).Answer;

    private async Task<JsonElement> EndedAsync(string dialect, string task, string key)
    {
        var id = (await CreateAsync(dialect, task, key)).GetRawText();
        JsonElement answer = default;
        await Eventually.TrueAsync(async () => !((answer = await ResultAsync(dialect, id, key)).TryGetProperty("status", out var status) && status.GetString() == "processing"));
        return answer;
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer, string? Type)> PostAsync(string path, string body, string? type = "application/json")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await _http.PostAsync(path, content);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()), response.Content.Headers.ContentType?.MediaType);
    }
}
