using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using UCaptcha.TestKit;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.RateLimiting;

public sealed class AddressRateLimitMiddlewareTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("/ok", HttpStatusCode.OK)]
    [InlineData("/missing", HttpStatusCode.NotFound)]
    [InlineData("/throws", HttpStatusCode.InternalServerError)]
    [InlineData("/large", HttpStatusCode.RequestEntityTooLarge)]
    public async Task AnyAnswer_WithinLimit_CarriesTheHeaders(string path, HttpStatusCode status)
    {
        await using var server = await StartAsync(limit: 5);
        await server.Http.PostAsync("/ok", null);

        using var answer = await server.Http.PostAsync(path, new StringContent(new string('x', 2000)));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(("5", "3", "1800000010"), HeadersOf(answer));
    }

    [Fact]
    public async Task Request_BeyondLimit_IsRefusedInTheHostsWords()
    {
        await using var server = await StartAsync(limit: 1);
        await server.Http.PostAsync("/ok", null);
        _time.Advance(TimeSpan.FromSeconds(4));

        using var answer = await server.Http.PostAsync("/ok", null);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(("1", "0", "1800000010"), HeadersOf(answer));
        Assert.Equal("6", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal("refused until 1800000010", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task GrpcCall_BeyondLimit_IsResourceExhaustedWithErrorInfo()
    {
        await using var server = await StartAsync(limit: 1);
        var client = new CaptchaService.CaptchaServiceClient(server.Channel);
        await client.GetBalanceAsync(new GetBalanceRequest());

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.GetBalanceAsync(new GetBalanceRequest()));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal("Too many requests from this address.", refused.Status.Detail);
        var status = Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(((int)Code.ResourceExhausted, refused.Status.Detail), (status.Code, status.Message));
        Assert.Equal(new ErrorInfo { Type = "ERROR_RATE_LIMIT", Domain = "ucaptcha" }, status.Details[0].Unpack<ErrorInfo>());
        Assert.Equal(Duration.FromTimeSpan(TimeSpan.FromSeconds(10)), status.Details[1].Unpack<RetryInfo>().RetryDelay);
    }

    [Fact]
    public async Task GrpcCall_BeyondLimit_IsAnsweredByHeadersAlone()
    {
        await using var server = await StartAsync(limit: 1);
        using var client = new HttpClient();
        using var answer = await PostGrpcAsync(client, server);
        using var refused = await PostGrpcAsync(client, server);

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Equal("application/grpc", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal("8", refused.Headers.GetValues("grpc-status").Single());
        Assert.Empty(await refused.Content.ReadAsByteArrayAsync());
        Assert.Empty(refused.TrailingHeaders);
        Assert.Equal(("1", "0", "1800000010"), HeadersOf(refused));
    }

    [Fact]
    public async Task GrpcWeb_BeyondLimit_IsNoGrpcCall()
    {
        await using var server = await StartAsync(limit: 1);
        await server.Http.PostAsync("/ok", null);
        using var content = new ByteArrayContent([]) { Headers = { ContentType = new("application/grpc-web") } };

        using var answer = await server.Http.PostAsync("/ok", content);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Fact]
    public async Task Request_LimitOff_CarriesNoHeaders()
    {
        await using var server = await StartAsync(limit: 0);

        using var answer = await server.Http.PostAsync("/ok", null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Setting_Negative_StopsTheStart()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(limit: -1));

        Assert.Contains("UCaptcha:RateLimit:PerAddress", refused.Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostGrpcAsync(HttpClient client, TestServer server) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, new Uri(server.GrpcUrl, "/ucaptcha.v1.CaptchaService/GetBalance"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "TE", "trailers" } },
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new("application/grpc+proto") } },
        });

    private static (string Limit, string Remaining, string Reset) HeadersOf(HttpResponseMessage answer) => (
        answer.Headers.GetValues("X-RateLimit-Limit").Single(),
        answer.Headers.GetValues("X-RateLimit-Remaining").Single(),
        answer.Headers.GetValues("X-RateLimit-Reset").Single());

    private Task<TestServer> StartAsync(int limit) => TestServer.StartAsync(
        builder =>
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1000);
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddGrpc();
            builder.Services.AddAddressRateLimiter();
        },
        app =>
        {
            app.UseAddressRateLimit((context, decision) => context.Response.WriteAsync($"refused until {decision.ResetUnixSeconds}"));
            app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = _ => Task.CompletedTask,
                StatusCodeSelector = error => error is BadHttpRequestException bad ? bad.StatusCode : 500,
            });
            app.MapGrpcService<CannedCaptchaService>();
            app.MapPost("/ok", () => "fine");
            app.MapPost("/throws", string () => throw new InvalidOperationException());
            app.MapPost("/large", async context => await context.Request.Body.CopyToAsync(Stream.Null));
        },
        ("UCaptcha:RateLimit:PerAddress", $"{limit}"));
}
