using System.Globalization;
using System.Net;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Requests_BeyondTheLimit_Are429OnJsonAndResourceExhaustedOnGrpc()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__a__Key"] = "limited-key",
            ["RateLimit__PerAddress"] = "5",
        });
        using var http = new HttpClient { BaseAddress = new Uri(server.Http) };
        HttpResponseMessage? refused = null;
        var headers = new List<string>();
        await Eventually.TrueAsync(async () =>
        {
            refused = await http.GetAsync("/nowhere");
            headers.AddRange(refused.Headers.Select(header => header.Key));
            return refused.StatusCode == HttpStatusCode.TooManyRequests;
        });
        Assert.Equal("5", refused!.Headers.GetValues("X-RateLimit-Limit").Single());
        Assert.Equal("0", refused.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.True(long.Parse(refused.Headers.GetValues("X-RateLimit-Reset").Single(), CultureInfo.InvariantCulture) > 1_700_000_000);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        Assert.Contains("\"errorCode\":\"ERROR_RATE_LIMIT\"", await refused.Content.ReadAsStringAsync());
        Assert.Contains("X-RateLimit-Remaining", headers);

        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        RpcException? refusal = null;
        await Eventually.TrueAsync(async () =>
        {
            refusal = await Record.ExceptionAsync(async () => await client.GetBalanceAsync(new GetBalanceRequest { ClientKey = "limited-key" })) as RpcException;
            return refusal is not null;
        });
        Assert.Equal(StatusCode.ResourceExhausted, refusal!.StatusCode);
        var details = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal("ERROR_RATE_LIMIT", details.Details[0].Unpack<ErrorInfo>().Type);
    }

    [Theory]
    [InlineData("capmonster/createTask", HttpStatusCode.OK, "\"taskId\":0")]
    [InlineData("capmonster/getBalance", HttpStatusCode.OK, "\"errorId\":1,\"errorCode\":\"ERROR_TOO_MUCH_REQUESTS\"")]
    [InlineData("twocaptcha/getBalance", HttpStatusCode.OK, "\"errorId\":2,\"errorCode\":\"ERROR_NO_SLOT_AVAILABLE\"")]
    [InlineData("capsolver/getBalance", HttpStatusCode.BadRequest, "\"errorId\":1,\"errorCode\":\"ERROR_RATE_LIMIT\"")]
    public async Task Request_BeyondTheLimitInADialect_IsRefusedInItsWords(string path, HttpStatusCode status, string expected)
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__a__Key"] = "limited-key", ["RateLimit__PerAddress"] = "1" });
        using var http = new HttpClient { BaseAddress = new Uri(server.Http) };
        HttpResponseMessage? refused = null;
        await Eventually.TrueAsync(async () =>
        {
            refused = await http.PostAsync($"/{path}", new StringContent("""{"clientKey":"limited-key"}"""));
            return refused.Headers.RetryAfter is not null;
        });
        Assert.Equal(status, refused!.StatusCode);
        Assert.Contains(expected, await refused.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("192.0.2.0/24", HttpStatusCode.Forbidden)]
    public async Task ForwardedFor_OnlyFromATrustedProxy_IsTheCallersAddress(string proxy, HttpStatusCode expected)
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__a__Key"] = "far-key-1",
            ["Keys__a__AllowedAddresses__0"] = "203.0.113.7",
            ["Http__TrustedProxies__0"] = proxy,
        });
        using var http = new HttpClient { BaseAddress = new Uri(server.Http), DefaultRequestHeaders = { { "X-Forwarded-For", "198.51.100.1, 203.0.113.7" } } };
        using var response = await http.PostAsync("/getBalance", new StringContent("""{"clientKey":"far-key-1"}"""));
        Assert.Equal(expected, response.StatusCode);
    }
}
