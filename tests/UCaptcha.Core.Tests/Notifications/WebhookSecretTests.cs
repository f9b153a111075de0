using UCaptcha.Core.Notifications;

namespace UCaptcha.Core.Tests.Notifications;

public sealed class WebhookSecretTests
{
    [Fact]
    public void Sign_PublishedVector_IsThePublishedSignature()
    {
        Assert.True(WebhookSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret));

        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""u8));
        Assert.DoesNotContain("MfKQ", secret.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(23, false)]
    [InlineData(65, false)]
    public void TryParse_Length_MustBeTheSpecifications(int bytes, bool fine) =>
        Assert.Equal(fine, WebhookSecret.TryParse("whsec_" + Convert.ToBase64String(new byte[bytes]), out _));

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64 at all!!!!!!!!!!!!!!!")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void TryParse_NoSecret_IsRefused(string text) => Assert.False(WebhookSecret.TryParse(text, out _));
}
