using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

/// <summary>The header <c>Idempotency-Key</c> is a request id, on every surface that takes tasks.</summary>
public sealed partial class IdempotencyKeyTests(IdempotencyKeyTests.Fixture fixture) : IClassFixture<IdempotencyKeyTests.Fixture>
{
    private const string Header = "Idempotency-Key";
    private const string Page = "https://example.com";
    private const string OtherPage = "https://www.example.com";

    [Theory]
    [InlineData("/createTask", """{{"clientKey":"{0}","task":{{"type":"HCaptchaTask","websiteKey":"k","websiteURL":"{1}"}}}}""", "ERROR_DUPLICATE_REQUEST")]
    [InlineData("/solveTask", """{{"clientKey":"{0}","task":{{"type":"HCaptchaTask","websiteKey":"k","websiteURL":"{1}"}}}}""", "ERROR_DUPLICATE_REQUEST")]
    [InlineData("/in.php", """{{"key":"{0}","method":"hcaptcha","sitekey":"k","pageurl":"{1}"}}""", "ERROR_DUPLICATE_REQUEST")]
    [InlineData("/api", """{{"authtoken":"{0}","type":7,"hcaptcha_params":{{"sitekey":"k","pageurl":"{1}"}}}}""", "invalid-captcha")]
    [InlineData("/task/submit", """{{"token":"{0}","task_type":"hcaptcha","site_key":"k","target_url":"{1}"}}""", "requestId was used for another request")]
    public async Task Http_SameHeaderTwice_IsOneTaskAndAnotherRequestUnderItIsRefused(string path, string body, string refusal)
    {
        var received = await fixture.ReceivedAsync();
        var (status, first) = await PostAsync(path, string.Format(null, body, Scenario.Key, Page), header: path);
        Assert.True(status == HttpStatusCode.OK, first);
        await fixture.Scenario.Api.EndAsync(IdIn(first));

        Assert.Equal(IdIn(first), IdIn((await PostAsync(path, string.Format(null, body, Scenario.Key, Page), header: path)).Body));
        var (conflict, refused) = await PostAsync(path, string.Format(null, body, Scenario.Key, OtherPage), header: path);

        Assert.Equal(HttpStatusCode.Conflict, conflict);
        Assert.Contains(refusal, refused);
        Assert.Equal(received + 1, await fixture.ReceivedAsync());
    }

    [Fact]
    public async Task Grpc_SameMetadataTwice_IsOneTaskAndAnotherRequestUnderItIsRefused()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        var received = await fixture.ReceivedAsync();
        var first = await CreateAsync(Page);
        await fixture.Scenario.Api.EndAsync(first);

        Assert.Equal(first, await CreateAsync(Page));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => CreateAsync(OtherPage));

        Assert.Equal((StatusCode.AlreadyExists, "ERROR_DUPLICATE_REQUEST"), (refusal.StatusCode, ReasonOf(refusal)));
        Assert.Equal(received + 1, await fixture.ReceivedAsync());
        refusal = await Assert.ThrowsAsync<RpcException>(() => CreateAsync(Page, requestId: "another"));
        Assert.Equal((StatusCode.InvalidArgument, "ERROR_BAD_PARAMETERS"), (refusal.StatusCode, ReasonOf(refusal)));

        async Task<string> CreateAsync(string url, string requestId = "") => (await client.CreateTaskAsync(
            new CreateTaskRequest
            {
                ClientKey = Scenario.Key,
                Task = new CaptchaTask { Type = "HCaptchaTask", WebsiteKey = "k", WebsiteUrl = url },
                RequestId = requestId,
            },
            new Metadata { { Header, "by gRPC" } })).TaskId;
    }

    [Fact]
    public async Task Json_HeaderAndRequestId_AreOneIdAndMustNotDiffer()
    {
        var (_, first) = await PostAsync("/createTask", Request("both"), header: "both");
        await fixture.Scenario.Api.EndAsync(IdIn(first));

        Assert.Equal(IdIn(first), IdIn((await PostAsync("/createTask", Request("both"))).Body));
        Assert.Equal(IdIn(first), IdIn((await PostAsync("/createTask", Request(""), header: "both")).Body));
        var (status, refused) = await PostAsync("/createTask", Request("both"), header: "another");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("""{"errorId":1,"errorCode":"ERROR_BAD_PARAMETERS","errorDescription":"requestId and the Idempotency-Key header differ."}""", refused);

        static string Request(string requestId) => $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}},"requestId":"{{requestId}}"}""";
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string body, string? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (header is not null)
            request.Headers.Add(Header, header);
        using var response = await fixture.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string ReasonOf(RpcException refusal) =>
        Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin")).Details[0].Unpack<ErrorInfo>().Type;

    private static string IdIn(string answer) => Uuid().Match(answer) is { Success: true } id ? id.Value : throw new InvalidOperationException(answer);

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    /// <summary>A server with one account.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal Scenario Scenario { get; private set; } = null!;

        public HttpClient Http { get; private set; } = null!;

        public Task<int> ReceivedAsync() => Scenario.Emulator.ReceivedAsync("a");

        public async ValueTask InitializeAsync()
        {
            Scenario = await Scenario.StartAsync(["a:generic,latency=30ms"]);
            Http = new HttpClient { BaseAddress = new Uri(Scenario.Server.Http) };
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Scenario.DisposeAsync();
        }
    }
}
