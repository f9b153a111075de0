using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using UCaptcha.Server.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackExtensionsTests
{
    [Fact]
    public async Task AddCallbacks_Settings_ReachTheCheckAndTheSender()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var server = await StartAsync(("UCaptcha:Callbacks:AllowPrivateNetworks", "true"));

        Assert.Null(server.Services.GetRequiredService<CallbackUrlCheck>().Check(receiver.Url));
        server.Services.GetRequiredService<CallbackSender>().Enqueue(receiver.Url, Guid.Empty, success: false, code: null);
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, "the request");
    }

    [Fact]
    public async Task AddCallbacks_Ports_ReplaceTheDefault()
    {
        await using var server = await StartAsync(("UCaptcha:Callbacks:Ports:0", "9000"));
        var check = server.Services.GetRequiredService<CallbackUrlCheck>();

        Assert.Null(check.Check("https://example.com:9000/"));
        Assert.Equal("callbackUrl must use one of the ports 9000.", check.Check("https://example.com/"));
    }

    [Fact]
    public async Task AddCallbacks_BadPort_StopsTheStart()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(("UCaptcha:Callbacks:Ports:0", "70000")));

        Assert.Contains("UCaptcha:Callbacks:Ports", refused.Message, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(params (string Name, string Value)[] settings) =>
        TestServer.StartAsync(builder => builder.Services.AddCallbacks(), _ => { }, settings);
}
