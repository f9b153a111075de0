using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

/// <summary>A server that has as many tasks under way as it may refuses the next one in each surface's words, until one has ended.</summary>
public sealed class OverloadTests(OverloadTests.Fixture fixture) : IClassFixture<OverloadTests.Fixture>
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly string Body = $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""";

    [Theory]
    [InlineData("/createTask", HttpStatusCode.ServiceUnavailable, """{"errorId":1,"errorCode":"ERROR_SERVICE_NOT_AVAILABLE","errorDescription":"?"}""")]
    [InlineData("/solveTask", HttpStatusCode.ServiceUnavailable, """{"errorId":1,"errorCode":"ERROR_SERVICE_NOT_AVAILABLE","errorDescription":"?"}""")]
    [InlineData("/capmonster/createTask", HttpStatusCode.OK, """{"errorId":1,"errorCode":"ERROR_SERVICE_NOT_AVAILABLE","errorDescription":"?","taskId":0}""")]
    [InlineData("/anticaptcha/createTask", HttpStatusCode.OK, """{"errorId":2,"errorCode":"ERROR_NO_SLOT_AVAILABLE","errorDescription":"?"}""")]
    [InlineData("/twocaptcha/createTask", HttpStatusCode.OK, """{"errorId":2,"errorCode":"ERROR_NO_SLOT_AVAILABLE","errorDescription":"?"}""")]
    [InlineData("/capsolver/createTask", HttpStatusCode.BadRequest, """{"errorId":1,"errorCode":"ERROR_SERVICE_UNAVALIABLE","errorDescription":"?"}""")]
    public async Task Json_OneTaskTooMany_IsRefusedInTheWordsOfItsDialect(string path, HttpStatusCode status, string expected)
    {
        using var answer = await fixture.Http.PostAsync(path, new StringContent(Body));

        var text = await answer.Content.ReadAsStringAsync();
        var sentence = JsonDocument.Parse(text).RootElement.GetProperty("errorDescription").GetString()!;
        Assert.Contains("try again soon", sentence);
        Assert.Equal((status, expected), (answer.StatusCode, text.Replace(sentence, "?", StringComparison.Ordinal)));
        Assert.Equal(RetryAfter, answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("/in.php", "key={0}&method=userrecaptcha&googlekey=k&pageurl=https://example.com", HttpStatusCode.ServiceUnavailable, "ERROR_SERVICE_NOT_AVAILABLE")]
    [InlineData("/twocaptcha/in.php", "key={0}&method=userrecaptcha&googlekey=k&pageurl=https://example.com", HttpStatusCode.OK, "ERROR_NO_SLOT_AVAILABLE")]
    [InlineData("/api", """authtoken={0}&type=7&hcaptcha_params={{"sitekey":"k","pageurl":"https://example.com"}}""", HttpStatusCode.ServiceUnavailable, "service-overload")]
    [InlineData("/task/submit", "token={0}&task_type=hcaptcha&site_key=k&target_url=https://example.com", HttpStatusCode.ServiceUnavailable, "try again soon")]
    public async Task OlderApi_OneTaskTooMany_IsRefusedInItsWords(string path, string form, HttpStatusCode status, string word)
    {
        using var answer = await fixture.Http.PostAsync(
            path, new StringContent(string.Format(null, form, Scenario.Key), Encoding.ASCII, "application/x-www-form-urlencoded"));

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(word, await answer.Content.ReadAsStringAsync());
        Assert.Equal(RetryAfter, answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Grpc_OneTaskTooMany_IsUnavailableAndSaysWhenToTryAgain()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var task = new CaptchaTask { Type = "RecaptchaV2TaskProxyless", WebsiteUrl = "https://example.com", WebsiteKey = Api.RecaptchaTestKey };

        await RefusedAsync(async () => await client.CreateTaskAsync(new CreateTaskRequest { ClientKey = Scenario.Key, Task = task }));
        await RefusedAsync(async () => await client.SolveTaskAsync(new SolveTaskRequest { ClientKey = Scenario.Key, Task = task }));

        static async Task RefusedAsync(Func<Task> call)
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
            var details = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin")).Details;
            Assert.Equal("ERROR_SERVICE_NOT_AVAILABLE", details[0].Unpack<ErrorInfo>().Type);
            Assert.Equal(RetryAfter, details[1].Unpack<RetryInfo>().RetryDelay.ToTimeSpan());
        }
    }

    [Theory]
    [InlineData("/createTask", "HTTP/1.1 503 Service Unavailable")]
    [InlineData("/twocaptcha/createTask", "HTTP/1.1 200 OK")]
    [InlineData("/solveTask", "HTTP/1.1 503 Service Unavailable")]
    public async Task Json_BodyIsStillUnfinished_IsRefusedAlready(string path, string expected)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(fixture.Http.BaseAddress!.Host, fixture.Http.BaseAddress.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..^1]}"));

        using var lines = new StreamReader(stream);
        Assert.Equal(expected, await ReadAsync());
        var header = await ReadAsync();
        while (header is { Length: > 0 } && header != "Retry-After: 5")
            header = await ReadAsync();
        Assert.Equal("Retry-After: 5", header);

        Task<string?> ReadAsync() => lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task CreateTask_TheTaskUnderWayHasEnded_IsAcceptedAgain()
    {
        var (api, emulator) = (fixture.Scenario.Api, fixture.Scenario.Emulator);
        Assert.Equal("processing", (await api.ResultAsync(fixture.TaskId)).GetProperty("status").GetString());

        await emulator.ChangeAsync(Fixture.Account, "latency", "0s");
        Assert.Equal("ready", (await api.EndAsync(fixture.TaskId)).GetProperty("status").GetString());
        await emulator.ChangeAsync(Fixture.Account, "latency", Fixture.ForEver);

        await fixture.FillAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.PostAsync("/createTask", Body)).Status);
    }

    /// <summary>A server that may have one task under way, and has it.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public const string Account = "slow";
        public const string ForEver = "100000s";

        internal Scenario Scenario { get; private set; } = null!;

        public HttpClient Http { get; private set; } = null!;

        public string TaskId { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Scenario = await Scenario.StartAsync(
                [$"{Account}:capmonster,latency={ForEver}"],
                // An account is asked 120 times for a task: at this pace it lasts as long as the tests.
                new Dictionary<string, string> { ["Engine__MaxUnfinished"] = "1", [$"Providers__{Account}__PollIntervalMs"] = "1000" });
            Http = new HttpClient { BaseAddress = new Uri(Scenario.Server.Http) };
            await FillAsync();
        }

        /// <summary>Has a task accepted as soon as the one before is not under way any more.</summary>
        public Task FillAsync() => Eventually.TrueAsync(async () =>
        {
            var (status, body) = await Scenario.Api.PostAsync("/createTask", Body);
            TaskId = status == HttpStatusCode.OK ? body.GetProperty("taskId").GetString()! : TaskId;
            return status == HttpStatusCode.OK;
        });

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Scenario.DisposeAsync();
        }
    }
}
