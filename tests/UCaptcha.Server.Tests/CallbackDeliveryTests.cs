using System.Net;
using System.Text.Json;
using System.Web;
using UCaptcha.Server.Tests.Callbacks;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>What is owed to a receiver reaches it, whatever the receiver does and whatever ends the process.</summary>
public sealed class CallbackDeliveryTests
{
    private const string Key = "callback-key";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task Kill_WhileDelivering_IsDeliveredAfterwardsUnderTheSameId()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = new Receiver(number => number <= 3 ? null : Receiver.Status("200 OK"));
        var settings = Settings(("Keys__a__WebhookSecrets__0", Secret));
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Key);
            for (var i = 0; i < 3; i++)
                await api.CreateAsync(more: CallTo(receiver));
            await Eventually.TrueAsync(() => receiver.Requests.Count == 3);
            await first.Program.KillAsync();
        }

        var before = receiver.Requests.Select(IdOf).Order().ToArray();
        await using var second = await ServerProcess.StartAsync(settings, folder.Path);
        await Eventually.TrueAsync(() => receiver.Requests.Count == 6);
        Assert.Equal(before, receiver.Requests.Skip(3).Select(IdOf).Order());
        Assert.All(receiver.Requests, request => Assert.StartsWith("v1,", Receiver.HeaderOf(request, "webhook-signature")));
    }

    [Fact]
    public async Task Kill_ReceiverDown_IsDeliveredOnceItIsUp()
    {
        using var folder = new TemporaryFolder();
        int port;
        await using (var gone = new Receiver(_ => null))
            port = gone.Port;
        string id;
        await using (var first = await ServerProcess.StartAsync(Settings(), folder.Path))
        {
            using var api = new Api(first, Key);
            id = await api.CreateAsync(more: $$""","callbackUrl":"http://127.0.0.1:{{port}}/canary-path" """);
            await api.EndAsync(id);
            await first.Program.KillAsync();
        }

        await using var back = new Receiver(_ => Receiver.Status("200 OK"), port);
        await using var second = await ServerProcess.StartAsync(Settings(), folder.Path);
        await Eventually.TrueAsync(() => !back.Requests.IsEmpty);
        Assert.Contains($"captcha_id={id}&status=1&code=", back.Requests.First());
    }

    [Fact]
    public async Task Receivers_RedirectingOrHuge_AreNeitherFollowedNorRead()
    {
        await using var elsewhere = new Receiver(_ => Receiver.Status("200 OK"));
        await using var redirecting = new Receiver(number => Receiver.Status(number == 1 ? $"302 Found\r\nLocation: {elsewhere.Url}" : "200 OK"));
        var tenMegabytes = "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + new string('x', 10_000_000);
        await using var huge = new Receiver(_ => tenMegabytes);
        await using var server = await ServerProcess.StartAsync(Settings());
        using var api = new Api(server, Key);
        var id = await api.CreateAsync(more: CallTo(redirecting));
        await api.CreateAsync(more: CallTo(huge));

        await Eventually.TrueAsync(() => redirecting.Requests.Count == 2);
        Assert.Single(huge.Requests);
        Assert.Empty(elsewhere.Requests);
        var token = (await api.ResultAsync(id)).GetProperty("solution").GetProperty("gRecaptchaResponse").GetString()!;
        Assert.DoesNotContain(server.Program.Output, line => line.Contains(token, StringComparison.Ordinal) || line.Contains("/hook", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tasks_AnsweredAtOnceOrWaitedFor_CallBackToo()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var scenario = await Scenario.StartAsync(
            ["solver:capsolver,latency=30ms"], new Dictionary<string, string> { ["Callbacks__AllowPrivateNetworks"] = "true" });
        var picture = Convert.ToBase64String(new byte[200]);
        var (status, created) = await scenario.Api.PostAsync(
            "/createTask", $$$"""{"clientKey":"{{{Scenario.Key}}}","task":{"type":"ImageToTextTask","body":"{{{picture}}}"}{{{CallTo(receiver)}}}}""");
        Assert.Equal((HttpStatusCode.OK, "ready"), (status, created.GetProperty("status").GetString()));
        var (_, solved) = await scenario.Api.PostAsync("/solveTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}{{CallTo(receiver)}}}""");

        await Eventually.TrueAsync(() => receiver.Requests.Count == 2);
        Assert.Equal(
            new[] { created, solved }.Select(answer => answer.GetProperty("taskId").GetString()).Order(),
            receiver.Requests.Select(request => HttpUtility.ParseQueryString(request.Split(' ')[1].Split('?')[1])["captcha_id"]).Order());
    }

    [Theory]
    [InlineData("capmonster", JsonValueKind.Number)]
    [InlineData("anticaptcha", JsonValueKind.Number)]
    [InlineData("capsolver", JsonValueKind.String)]
    public async Task Dialect_Json_PostsWhatGetTaskResultAnswers(string dialect, JsonValueKind id)
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var server = await ServerProcess.StartAsync(Settings());
        using var api = new Api(server, Key);
        var taskId = await CreateAsync(api, dialect, receiver);
        await Eventually.TrueAsync(() => !receiver.Requests.IsEmpty);

        var called = JsonDocument.Parse(Receiver.BodyOf(receiver.Requests.First())).RootElement;
        var (_, polled) = await api.PostAsync($"/{dialect}/getTaskResult", $$"""{"clientKey":"{{Key}}","taskId":{{taskId.GetRawText()}}}""");
        Assert.Equal((id, taskId.ToString()), (taskId.ValueKind, called.GetProperty("taskId").ToString()));
        foreach (var member in polled.EnumerateObject().Where(member => member.Name != "ip"))
            Assert.Equal(member.Value.GetRawText(), called.GetProperty(member.Name).GetRawText());
    }

    [Fact]
    public async Task Dialect_TwoCaptcha_PostsIdAndCode()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var server = await ServerProcess.StartAsync(Settings());
        using var api = new Api(server, Key);
        var taskId = await CreateAsync(api, "twocaptcha", receiver);
        await Eventually.TrueAsync(() => !receiver.Requests.IsEmpty);

        var form = HttpUtility.ParseQueryString(Receiver.BodyOf(receiver.Requests.First()));
        Assert.Equal((taskId.ToString(), false), (form["id"], string.IsNullOrEmpty(form["code"])));
    }

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string> { ["Keys__a__Key"] = Key, ["Callbacks__AllowPrivateNetworks"] = "true" };
        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }

    private static string CallTo(Receiver receiver) => $""","callbackUrl":"{receiver.Url}" """;

    private static string? IdOf(string request) => Receiver.HeaderOf(request, "webhook-id");

    private static async Task<JsonElement> CreateAsync(Api api, string dialect, Receiver receiver)
    {
        var (_, created) = await api.PostAsync($"/{dialect}/createTask", $$"""{"clientKey":"{{Key}}","task":{{Api.Task()}}{{CallTo(receiver)}}}""");
        return created.GetProperty("taskId");
    }
}
