using UCaptcha.Server.Callbacks;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackUrlCheckTests
{
    private static readonly CallbackUrlCheck Check = new(new CallbackAddressPolicy(new CallbackOptions()));

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("http://example.com/path?x=1&y=%20#part")]
    [InlineData("https://hooks.example.com:8443/a")]
    [InlineData("HTTPS://EXAMPLE.COM./")]
    [InlineData("http://8.8.8.8/")]
    [InlineData("http://[2606:4700:4700::1111]:8080/")]
    [InlineData("https://exämple.com/")]
    [InlineData("https://localhost.example.com/")]
    [InlineData("https://example.internals/")]
    public void Check_PublicUrl_IsFine(string url) => Assert.Null(Check.Check(url));

    [Theory]
    [InlineData("http://localhost/")]
    [InlineData("http://LocalHost./")]
    [InlineData("http://me.localhost/")]
    [InlineData("http://localhost.localdomain/")]
    [InlineData("http://redis/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://nas.home.arpa./")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.1.2.3:8080/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://999.1.1.1/")]
    [InlineData("http://example.256/")]
    [InlineData("http://1.2.3.4.0x7f/")]
    public void Check_PrivateHost_IsRefused(string url) => Assert.Equal("callbackUrl must lead to a public host.", Check.Check(url));

    [Theory]
    [InlineData("")]
    [InlineData("example.com/hook")]
    [InlineData("/hook")]
    [InlineData("//example.com/hook")]
    [InlineData("https://xn--ä.example/")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("http://example.com:99999/")]
    [InlineData("http://exam ple.com/")]
    [InlineData(" http://example.com/")]
    [InlineData("http://example.com/\r\nHost: a")]
    [InlineData("http://example.com\\@127.0.0.1/")]
    public void Check_NoHttpUrl_IsRefused(string url) => Assert.Equal("callbackUrl must be a full http or https URL.", Check.Check(url));

    [Theory]
    [InlineData("http://user@example.com/")]
    [InlineData("http://user:password@example.com/")]
    [InlineData("http://example.com@127.0.0.1/")]
    public void Check_UserInfo_IsRefused(string url) => Assert.Equal("callbackUrl must not hold a user name or password.", Check.Check(url));

    [Theory]
    [InlineData("http://example.com:22/")]
    [InlineData("https://example.com:6379/")]
    [InlineData("http://example.com:0/")]
    public void Check_OtherPort_IsRefused(string url) => Assert.Equal("callbackUrl must use one of the ports 80, 443, 8080, 8443.", Check.Check(url));

    [Fact]
    public void Check_TooLong_IsRefused() =>
        Assert.Equal("callbackUrl must not be longer than 2048 characters.", Check.Check("https://example.com/" + new string('a', 2048)));

    [Theory]
    [InlineData("http://127.0.0.1:5000/", null)]
    [InlineData("http://redis:6379/", null)]
    [InlineData("ftp://redis/", "callbackUrl must be a full http or https URL.")]
    [InlineData("http://a:b@redis/", "callbackUrl must not hold a user name or password.")]
    public void Check_PrivateNetworksAllowed_LiftsHostAndPortOnly(string url, string? sentence) =>
        Assert.Equal(sentence, new CallbackUrlCheck(new CallbackAddressPolicy(new CallbackOptions { AllowPrivateNetworks = true })).Check(url));
}
