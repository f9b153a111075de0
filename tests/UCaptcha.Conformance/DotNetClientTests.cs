using System.Net;
using System.Text;
using System.Text.Json;
using UCaptcha.TestKit;

namespace UCaptcha.Conformance;

/// <summary>The wire format of CapMonster Cloud's .NET client: relative paths, text/plain, ids that fit Int32, a proxy without address.</summary>
public sealed class DotNetClientTests(DialectServer fixture) : IClassFixture<DialectServer>
{
    public static TheoryData<string> Tasks => new(
        """{"type":"NoCaptchaTask","websiteURL":"https://www.example.com/","websiteKey":"k","cookies":"","proxyPort":0,"proxyType":"http"}""",
        """{"type":"TurnstileTask","websiteURL":"https://www.example.com/","websiteKey":"k","proxyPort":0,"proxyType":"http"}""",
        $$"""{"type":"ImageToTextTask","body":"{{Convert.ToBase64String(new byte[300])}}","CapMonsterModule":"universal","recognizingThreshold":0,"Case":false,"numeric":0,"math":false}""");

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task Solve_BodyOfTheClient_EndsReady(string task)
    {
        var created = await PostAsync("createTask", $$"""{"clientKey":"{{DialectServer.Key}}","task":{{task}},"softId":53}""");
        Assert.Equal(0, created.GetProperty("errorId").GetInt32());
        var id = created.GetProperty("taskId").GetInt32();
        Assert.True(id > 0);

        JsonElement result = default;
        await Eventually.TrueAsync(async () =>
            (result = await PostAsync("getTaskResult", $$"""{"clientKey":"{{DialectServer.Key}}","taskId":{{id}}}""")).GetProperty("status").GetString() != "processing");
        Assert.Equal("ready", result.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Object, result.GetProperty("solution").ValueKind);
    }

    [Fact]
    public async Task Solve_WrongKey_IsAnErrorWithACode()
    {
        var refused = await PostAsync("createTask", """{"clientKey":"no-such-key","task":{"type":"NoCaptchaTask"},"softId":53}""");
        Assert.NotEqual(0, refused.GetProperty("errorId").GetInt32());
        Assert.Equal("ERROR_KEY_DOES_NOT_EXIST", refused.GetProperty("errorCode").GetString());
        Assert.Equal(0, refused.GetProperty("taskId").GetInt32());
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        // The client's own base address may hold a path, with a slash at its end.
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Server.Http + "/capmonster/") };
        using var answer = await http.PostAsync(path, new StringContent(body, Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
