using System.Text.Json;

namespace UCaptcha.Conformance;

/// <summary>The npm client of 2Captcha's first API, as it is.</summary>
public sealed class TwoCaptchaClientTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    private const string HCaptchaTestKey = "10000000-ffff-ffff-ffff-000000000001";

    [Theory]
    [InlineData("")]
    [InlineData("/twocaptcha")]
    public async Task Solver_BalanceSolvesReportAndWrongKey_AreAsItExpects(string prefix)
    {
        var lines = await ClientProgram.NodeAsync("two-captcha-v1.cjs", sandbox.Server.Http + prefix, sandbox.Key, SandboxServer.SiteKey, HCaptchaTestKey);
        var answer = JsonDocument.Parse(lines[^1]).RootElement;
        Assert.Equal(1000, answer.GetProperty("balance").GetDouble());
        Assert.False(string.IsNullOrEmpty(answer.GetProperty("recaptcha").GetProperty("data").GetString()));
        Assert.False(string.IsNullOrEmpty(answer.GetProperty("hcaptcha").GetProperty("data").GetString()));
        Assert.Equal("ERROR_KEY_DOES_NOT_EXIST", answer.GetProperty("wrongKey").GetString());
        Assert.Equal(prefix.Length > 0, int.TryParse(answer.GetProperty("recaptcha").GetProperty("id").GetString(), out _));
    }
}
