using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using UCaptcha.Server.Callbacks;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackExtensionsTests
{
    [Fact]
    public void AddCallbacks_Settings_ReachTheCheck()
    {
        Assert.Null(Check(("AllowPrivateNetworks", "true")).Check("http://127.0.0.1:1234/"));
        var other = Check(("Ports:0", "9000"));
        Assert.Null(other.Check("https://example.com:9000/"));
        Assert.Equal("callbackUrl must use one of the ports 9000.", other.Check("https://example.com/"));
    }

    [Fact]
    public void AddCallbacks_BadPort_IsRefused() =>
        Assert.Contains("UCaptcha:Callbacks:Ports", Assert.Throws<OptionsValidationException>(() => Check(("Ports:0", "70000"))).Message, StringComparison.Ordinal);

    private static CallbackUrlCheck Check(params (string Name, string Value)[] settings)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        foreach (var (name, value) in settings)
            configuration["UCaptcha:Callbacks:" + name] = value;
        return new ServiceCollection().AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(configuration).AddCallbacks()
            .BuildServiceProvider().GetRequiredService<CallbackUrlCheck>();
    }
}
