using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using UCaptcha.Server.Network;

namespace UCaptcha.Server.Tests.Network;

// The test's own connection comes from 127.0.0.1.
public sealed class TrustedProxyTests
{
    [Fact]
    public async Task Header_NobodyTrusted_IsNotBelieved()
    {
        await using var server = await StartAsync();

        Assert.Equal("127.0.0.1", await CallerAsync(server, "198.51.100.7"));
    }

    [Fact]
    public async Task Header_OtherNetworkTrusted_IsNotBelieved()
    {
        await using var server = await StartAsync("10.0.0.0/8", "::1");

        Assert.Equal("127.0.0.1", await CallerAsync(server, "198.51.100.7"));
    }

    [Theory]
    [InlineData("127.0.0.0/8")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1/32")]
    public async Task Header_FromTrustedProxy_IsBelieved(string entry)
    {
        await using var server = await StartAsync(entry);

        Assert.Equal("198.51.100.7", await CallerAsync(server, "198.51.100.7"));
        Assert.Equal("2001:db8::7", await CallerAsync(server, "2001:db8::7"));
        Assert.Equal("127.0.0.1", await CallerAsync(server));
    }

    [Theory]
    [InlineData("198.51.100.7, 10.1.1.1, 10.0.0.5")]
    [InlineData("1.2.3.4, 198.51.100.7, 10.0.0.5")]
    [InlineData("127.0.0.1, 198.51.100.7")]
    [InlineData("127.0.0.1, 198.51.100.7, ::ffff:10.0.0.5")]
    public async Task Header_SpoofedOrLong_GivesTheRightmostUntrustedAddress(string header)
    {
        await using var server = await StartAsync("127.0.0.0/8", "10.0.0.0/8");

        Assert.Equal("198.51.100.7", await CallerAsync(server, header));
    }

    [Fact]
    public async Task Header_SeveralLines_AreOneList()
    {
        await using var server = await StartAsync("127.0.0.0/8", "10.0.0.0/8");

        Assert.Equal("198.51.100.7", await CallerAsync(server, "1.2.3.4", "198.51.100.7", "10.0.0.5"));
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("198.51.100.7, unknown")]
    public async Task Header_Unreadable_StopsAtTheLastKnownHop(string header)
    {
        await using var server = await StartAsync("127.0.0.0/8");

        Assert.Equal("127.0.0.1", await CallerAsync(server, header));
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("proxy.example")]
    [InlineData("")]
    public async Task Setting_Unreadable_StopsTheStart(string entry)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("10.0.0.0/8", entry));

        Assert.Contains("UCaptcha:Http:TrustedProxies", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith($": {entry}.", refused.Message, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(params string[] trusted) => TestServer.StartAsync(
        builder => builder.Services.AddTrustedProxies(),
        app =>
        {
            app.UseTrustedProxies();
            app.Run(context => context.Response.WriteAsync(context.Connection.RemoteIpAddress!.ToString()));
        },
        [.. trusted.Select((entry, i) => ($"UCaptcha:Http:TrustedProxies:{i}", entry))]);

    private static async Task<string> CallerAsync(TestServer server, params string[] header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", header);
        using var answer = await server.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
