using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests;

/// <summary>A request that comes again when its result is purged is told that the task was solved, on every surface that takes tasks.</summary>
public sealed class PurgedResultTests(PurgedResultTests.Fixture fixture) : IClassFixture<PurgedResultTests.Fixture>
{
    private const string Json = $$$"""{"clientKey":"{{{Scenario.Key}}}","task":{"type":"RecaptchaV2Task","websiteKey":"{{{Api.RecaptchaTestKey}}}","websiteURL":"https://example.com"}}""";

    [Theory]
    [InlineData("/createTask", "\"status\":\"ready\"")]
    [InlineData("/solveTask", "\"status\":\"ready\"")]
    [InlineData("/capmonster/createTask", "\"errorId\":0")]
    [InlineData("/capmonster/solveTask", "\"solution\":{}")]
    [InlineData("/anticaptcha/createTask", "\"errorId\":0")]
    [InlineData("/anticaptcha/solveTask", "\"solution\":{}")]
    [InlineData("/twocaptcha/createTask", "\"errorId\":0")]
    [InlineData("/twocaptcha/solveTask", "\"solution\":{}")]
    [InlineData("/capsolver/createTask", "\"solution\":{}")]
    [InlineData("/capsolver/solveTask", "\"solution\":{}")]
    [InlineData("/capsolver/getToken", "\"solution\":{}")]
    public Task Json_RepeatedAfterThePurge_IsReadyWithoutASolution(string path, string expected) => RepeatAsync(path, Json, expected);

    [Theory]
    [InlineData("/in.php", $$"""{"key":"{{Scenario.Key}}","method":"userrecaptcha","googlekey":"{{Api.RecaptchaTestKey}}","pageurl":"https://example.com","json":1}""", "\"status\":1")]
    [InlineData(
        "/api", $$$"""{"authtoken":"{{{Scenario.Key}}}","type":4,"token_params":{"googlekey":"{{{Api.RecaptchaTestKey}}}","pageurl":"https://example.com"}}""", "\"text\":\"\"")]
    [InlineData(
        "/task/submit", $$"""{"token":"{{Scenario.Key}}","task_type":"recaptchav2","site_key":"{{Api.RecaptchaTestKey}}","target_url":"https://example.com"}""", "\"ok\":true")]
    public Task Older_RepeatedAfterThePurge_IsTheTaskWithoutASolution(string path, string body, string expected) => RepeatAsync(path, body, expected);

    private async Task RepeatAsync(string path, string body, string expected)
    {
        var (status, first) = await PostAsync(path, body);
        Assert.True(status == HttpStatusCode.OK, first);
        await fixture.PurgeAsync();

        var (repeated, second) = await PostAsync(path, body);

        Assert.True(repeated == HttpStatusCode.OK, second);
        Assert.Contains(expected, second);
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", path);
        using var response = await fixture.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A server in this process, whose time goes on when the test says so.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private readonly WrongClock _clock = new(TimeSpan.Zero);
        private RunningServer _server = null!;

        public HttpClient Http { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _server = await ServerHost.StartAsync(
                [
                    $"--UCaptcha:DataDirectory={_folder.Path}",
                    $"--UCaptcha:Admin:Key={AdminApi.Key}",
                    $"--UCaptcha:Keys:test:Key={Scenario.Key}",
                    "--UCaptcha:Http:Url=http://127.0.0.1:0",
                    "--UCaptcha:Grpc:Url=http://127.0.0.1:0",
                    "--UCaptcha:Admin:Url=http://127.0.0.1:0",
                    "--Logging:LogLevel:Default=Error",
                ],
                _clock,
                TextWriter.Null);
            Http = new HttpClient { BaseAddress = new Uri(_server.Addresses[0]) };
        }

        /// <summary>Waits until every task is at an end, and goes to when the result is forgotten and the request is not.</summary>
        public async Task PurgeAsync()
        {
            var keeper = _server.Services.GetRequiredService<IStoreKeeper>();
            await Eventually.TrueAsync(async () => (await keeper.GetStatusAsync(CancellationToken.None)).Finished > 0);
            _clock.Shift += TimeSpan.FromMinutes(61);
            await _server.Services.GetServices<IHostedService>().OfType<Purge>().Single().PurgeOnceAsync(CancellationToken.None);
            Assert.Equal(0, (await keeper.GetStatusAsync(CancellationToken.None)).Finished);
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await _server.DisposeAsync();
            _folder.Dispose();
        }
    }
}
