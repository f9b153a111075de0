using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance;

/// <summary>Signed callbacks are Standard Webhooks to the library of those who specified them.</summary>
public sealed class WebhookTests
{
    private const string Old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string New = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public async Task Verify_WhileOneSecretFollowsAnother_EachOfThemVerifies()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__a__Key"] = "webhook-key",
            ["Keys__a__WebhookSecrets__0"] = New,
            ["Keys__a__WebhookSecrets__1"] = Old,
            ["Callbacks__AllowPrivateNetworks"] = "true",
        });

        var lines = await ClientProgram.NodeAsync("webhook.mjs", server.Http, "webhook-key", Old, New);

        Assert.Equal(["verified task.ready true true", "verified task.ready true true", "forged No matching signature found"], lines);
    }
}
