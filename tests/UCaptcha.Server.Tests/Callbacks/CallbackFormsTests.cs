using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Callbacks;
using UCaptcha.Server.Callbacks.Forms;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackFormsTests
{
    private const string FirstSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string SecondSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    private static readonly CallbackForms Forms = FormsOf.TheHost();
    private static readonly Guid TaskId = Guid.Parse("0197a8a0-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset Ended = new(2031, 5, 6, 7, 8, 9, 120, TimeSpan.Zero);

    [Theory]
    [InlineData("capmonster")]
    [InlineData("anticaptcha")]
    [InlineData("capsolver")]
    public async Task Write_JsonDialect_IsTheResultWithTheTasksId(string dialect)
    {
        var (request, body) = await WriteAsync(dialect, Ready);

        Assert.Equal(("POST", "https://hook.example/?a=1"), (request.Message.Method.Method, request.Message.RequestUri!.AbsoluteUri));
        Assert.Equal("application/json", request.Message.Content!.Headers.ContentType!.ToString());
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal((0, "ready"), (json.GetProperty("errorId").GetInt32(), json.GetProperty("status").GetString()));
        Assert.Equal("03A+/é", json.GetProperty("solution").GetProperty("gRecaptchaResponse").GetString());
        Assert.True(json.TryGetProperty("taskId", out _));
        Assert.Contains("03A+/é", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("capmonster", 2, true)]
    [InlineData("anticaptcha", 10, false)]
    [InlineData("ucaptcha", 10, false)]
    [InlineData("twocaptcha", 10, false)]
    public async Task Write_Dialect_KnowsHowLongToWait(string dialect, int seconds, bool silenceAccepts)
    {
        var (request, _) = await WriteAsync(dialect, Ready);

        Assert.Equal((TimeSpan.FromSeconds(seconds), silenceAccepts), (request.Timeout, request.SilenceAccepts));
    }

    [Fact]
    public async Task Write_TwoCaptcha_IsAForm()
    {
        var (request, body) = await WriteAsync("twocaptcha", Ready);

        Assert.Equal("application/x-www-form-urlencoded", request.Message.Content!.Headers.ContentType!.ToString());
        Assert.Equal("id=77&code=03A%2B%2F%C3%A9", body);
        Assert.Equal("id=77&code=ERROR_CAPTCHA_UNSOLVABLE", (await WriteAsync("twocaptcha", Failed)).Body);
        Assert.Equal("id=77", (await WriteAsync("twocaptcha", Thin)).Body);
    }

    [Fact]
    public async Task Write_DialectWithoutAForm_IsTheNativeGet()
    {
        var (request, body) = await WriteAsync("riskbypass", Ready);

        Assert.Equal("GET", request.Message.Method.Method);
        Assert.Empty(body);
        Assert.Equal($"?a=1&captcha_id={TaskId}&status=1&code=03A%2B%2F%C3%A9", request.Message.RequestUri!.Query);
    }

    [Fact]
    public async Task Write_TokenTooOld_TellsReadyAndNoMore()
    {
        var json = JsonDocument.Parse((await WriteAsync("capsolver", Thin)).Body).RootElement;

        Assert.Equal("ready", json.GetProperty("status").GetString());
        Assert.Empty(json.GetProperty("solution").EnumerateObject());
    }

    [Fact]
    public async Task Write_KeyWithSecrets_IsAStandardWebhookSignedByEach()
    {
        var (request, body) = await WriteAsync("ucaptcha", Ready, FirstSecret, SecondSecret);

        var headers = request.Message.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value));
        Assert.Equal(Callback.Id.ToString(), headers["webhook-id"]);
        Assert.Equal(Ended.AddSeconds(5).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), headers["webhook-timestamp"]);
        Assert.Equal([Signature(FirstSecret, headers, body), Signature(SecondSecret, headers, body)], headers["webhook-signature"].Split(' '));
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal(("task.ready", "2031-05-06T07:08:09.120Z"), (json.GetProperty("type").GetString(), json.GetProperty("timestamp").GetString()));
        Assert.Equal(TaskId.ToString(), json.GetProperty("data").GetProperty("taskId").GetString());
        Assert.Equal("task.failed", JsonDocument.Parse((await WriteAsync("ucaptcha", Failed, FirstSecret)).Body).RootElement.GetProperty("type").GetString());
    }

    private static StoredCallback Callback { get; } = new()
    {
        Id = Guid.Parse("0197a8a0-0000-7000-8000-00000000000c"),
        TaskId = TaskId,
        ShortId = 77,
        KeyId = 1,
        Url = "https://hook.example/?a=1",
        Receiver = "hook.example:443",
        Dialect = "ucaptcha",
        TaskState = TaskState.Ready,
        EndedAt = Ended,
    };

    private static CallbackNews Ready(StoredCallback callback) => new(
        callback,
        CallbackNews.Of(callback, Ended).View with { Solution = """{"gRecaptchaResponse":"03A+/é"}"""u8.ToArray(), SolveTime = TimeSpan.FromSeconds(1) },
        Ended.AddSeconds(5));

    private static CallbackNews Thin(StoredCallback callback) => CallbackNews.Of(callback, Ended.AddMinutes(5));

    private static CallbackNews Failed(StoredCallback callback) => CallbackNews.Of(
        callback with { TaskState = TaskState.Failed, ErrorCode = "ERROR_CAPTCHA_UNSOLVABLE", ErrorDescription = "Nobody solved it." }, Ended.AddSeconds(5));

    private static async Task<(CallbackRequest Request, string Body)> WriteAsync(
        string dialect, Func<StoredCallback, CallbackNews> news, params string[] secrets)
    {
        var settings = new KeySettings { WebhookSecrets = [.. secrets.Select(text => WebhookSecret.TryParse(text, out var secret) ? secret : null!)] };
        var request = Forms.Find(dialect, new ApiKey(1, "k", settings, Budget: null), DateTimeOffset.UnixEpoch).Write(news(Callback with { Dialect = dialect }));
        return (request, request.Message.Content is { } content ? await content.ReadAsStringAsync() : "");
    }

    // As a receiver would, without our own code.
    private static string Signature(string secret, Dictionary<string, string> headers, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(
            Convert.FromBase64String(secret["whsec_".Length..]),
            Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}")));
}
