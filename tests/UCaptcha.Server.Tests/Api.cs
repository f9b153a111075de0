using System.Net;
using System.Text;
using System.Text.Json;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>A client of the JSON surface.</summary>
internal sealed class Api(ServerProcess server, string key) : IDisposable
{
    public const string RecaptchaTestKey = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(server.Http) };

    public static string Task(string websiteKey = RecaptchaTestKey, string url = "https://example.com") =>
        $$"""{"type":"RecaptchaV2TaskProxyless","websiteURL":"{{url}}","websiteKey":"{{websiteKey}}"}""";

    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body) => PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, HttpContent body)
    {
        using var response = await _http.PostAsync(path, body);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task<string> CreateAsync(string? task = null, string more = "")
    {
        var (status, body) = await PostAsync("/createTask", $$"""{"clientKey":"{{key}}","task":{{task ?? Task()}}{{more}}}""");
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body.GetProperty("taskId").GetString()!;
    }

    public async Task<JsonElement> ResultAsync(string taskId) =>
        (await PostAsync("/getTaskResult", $$"""{"clientKey":"{{key}}","taskId":"{{taskId}}"}""")).Body;

    public async Task<JsonElement> EndAsync(string taskId, TimeSpan? longest = null)
    {
        JsonElement result = default;
        await Eventually.TrueAsync(async () => (result = await ResultAsync(taskId)).GetProperty("status").GetString() != "processing", longest);
        return result;
    }

    public async Task<double> BalanceAsync() =>
        (await PostAsync("/getBalance", $$"""{"clientKey":"{{key}}"}""")).Body.GetProperty("balance").GetDouble();

    public void Dispose() => _http.Dispose();
}
