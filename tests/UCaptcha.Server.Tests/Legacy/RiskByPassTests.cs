using System.Net;
using System.Text;
using System.Text.Json;
using static UCaptcha.Server.Tests.Legacy.LegacyServer;

namespace UCaptcha.Server.Tests.Legacy;

/// <summary>RiskByPass's task API.</summary>
public sealed class RiskByPassTests(LegacyServer server) : IClassFixture<LegacyServer>
{
    private const string Page = "\"target_url\":\"https://example.com\"";

    public static TheoryData<string, string> Types => new()
    {
        { $$"""{"task_type":"turnstile",{{Page}},"site_key":"k","action":"a"}""", "TurnstileTaskProxyless" },
        { $$"""{"task_type":"hcaptcha",{{Page}},"site_key":"k","proxy":"http://u:p@203.0.113.9:8080"}""", "HCaptchaTask" },
        { $$"""{"task_type":"recaptchav2",{{Page}},"site_key":"k"}""", "RecaptchaV2TaskProxyless" },
        { $$"""{"task_type":"recaptchav3",{{Page}},"site_key":"k","action":"a","title":"t","enterprise":true}""", "RecaptchaV3TaskProxyless" },
        { $$"""{"task_type":"cloudflare_waf",{{Page}},"target_method":"GET"}""", "AntiCloudflareTask" },
        { $$"""{"task_type":"aws",{{Page}},"aws_js_url":"https://a.example.com/x.js"}""", "AmazonTaskProxyless" },
        { $$"""{"task_type":"datadome",{{Page}},"captcha_url":"https://c.example.com/x","user_agent":"ua","proxy":"http://203.0.113.9:8080"}""", "DataDomeSliderTask" },
        { """{"task_type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com","websiteKey":"k"}""", "RecaptchaV2TaskProxyless" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Submit_EveryType_EndsInSuccess(string payload, string taskType)
    {
        var (status, created) = await SubmitAsync(payload);
        Assert.True(status == HttpStatusCode.OK, created);
        var id = Json(created).GetProperty("task_id").GetString();
        Assert.Equal($$"""{"ok":true,"task_id":"{{id}}"}""", created);
        foreach (var key in new[] { "", $"?token={Key}" })
        {
            var solved = Json(await server.PollAsync($"/task/result/{id}{key}", "QUEUED", "RUNNING"));
            Assert.Equal("SUCCESS", solved.GetProperty("status").GetString());
            Assert.Contains("EMU-all-", solved.GetProperty("result").GetRawText());
        }

        Assert.Equal(taskType, (await server.LastTaskAsync()).GetProperty("type").GetString());
        Assert.Equal((HttpStatusCode.OK, """{"status":"NOT_FOUND"}"""), await server.GetAsync($"/task/result/{id}?token={OtherKey}"));
    }

    [Theory]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("7")]
    [InlineData("nothing")]
    public async Task Result_UnknownId_IsNotFound(string id) =>
        Assert.Equal((HttpStatusCode.OK, """{"status":"NOT_FOUND"}"""), await server.GetAsync($"/task/result/{id}"));

    [Fact]
    public async Task Balance_ByBodyOrHeader_IsInCredits()
    {
        using var body = new StringContent($$"""{"token":"{{Key}}"}""", Encoding.UTF8, "application/json");
        Assert.Equal((HttpStatusCode.OK, """{"ok":true,"balance":345678}"""), await server.PostAsync("/api/user/balance", body));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/user/balance") { Headers = { { "x-api-key", Key } } };
        using var response = await server.Http.SendAsync(request);
        Assert.Equal("""{"ok":true,"balance":345678}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Balance_WithoutAKey_IsRefusedAsDocumented() =>
        Assert.Equal(
            (HttpStatusCode.Unauthorized, """{"ok":false,"error":"Invalid or missing API key"}"""), await server.PostAsync("/api/user/balance", new StringContent("")));

    [Theory]
    [InlineData("{}", 400, "ERROR_BAD_PARAMETERS: task_type is missing.")]
    [InlineData("""{"task_type":"dance"}""", 400, "TASK_NOT_SUPPORTED: task_type is not a task type that this server knows.")]
    [InlineData("""{"task_type":"turnstile","site_key":"k"}""", 400, "ERROR_PAGEURL: target_url is missing.")]
    [InlineData("""{"task_type":"turnstile","target_url":"https://example.com"}""", 400, "ERROR_SITEKEY: site_key is missing.")]
    [InlineData("[]", 400, "ERROR_BAD_PARAMETERS: The body is neither a form nor a JSON object.")]
    public async Task Submit_Bad_IsRefusedWithCodeAndSentence(string payload, int status, string error)
    {
        var (answered, body) = await SubmitAsync(payload);
        Assert.Equal((HttpStatusCode)status, answered);
        Assert.False(Json(body).GetProperty("ok").GetBoolean());
        Assert.Equal(error, Json(body).GetProperty("error").GetString());
    }

    private Task<(HttpStatusCode Status, string Body)> SubmitAsync(string payload)
    {
        var content = new StringContent(payload, Encoding.UTF8, "application/json");
        return server.PostAsync($"/task/submit?token={Key}", content);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
