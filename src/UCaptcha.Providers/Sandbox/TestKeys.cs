using UCaptcha.Core.Tasks;

namespace UCaptcha.Providers.Sandbox;

/// <summary>The vendors' published test site keys. Their own servers accept only the matching published test secrets.</summary>
internal static class TestKeys
{
    // Google's FAQ names the key and says that every request with it passes; any response does.
    private const string RecaptchaResponse =
        "03AGdBq24PBCbwiDRaS_MJ7Z-this-is-the-sandbox-and-verifies-only-against-the-published-test-secret";

    private const string TurnstileResponse = "XXXX.DUMMY.TOKEN.XXXX";

    private static readonly Dictionary<(string Family, string SiteKey), TestAnswer> Answers = new()
    {
        [("RecaptchaV2", "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI")] = new(RecaptchaResponse, AsRecaptcha: true),
        [("HCaptcha", "10000000-ffff-ffff-ffff-000000000001")] = new("10000000-aaaa-bbbb-cccc-000000000001", AsRecaptcha: true),
        [("HCaptcha", "20000000-ffff-ffff-ffff-000000000002")] = new("20000000-aaaa-bbbb-cccc-000000000002", AsRecaptcha: true),
        [("HCaptcha", "30000000-ffff-ffff-ffff-000000000003")] = new("30000000-aaaa-bbbb-cccc-000000000003", AsRecaptcha: true),
        [("Turnstile", "1x00000000000000000000AA")] = new(TurnstileResponse, AsRecaptcha: false),
        [("Turnstile", "1x00000000000000000000BB")] = new(TurnstileResponse, AsRecaptcha: false),
        [("Turnstile", "3x00000000000000000000FF")] = new(TurnstileResponse, AsRecaptcha: false),
        [("Turnstile", "2x00000000000000000000AB")] = new(null, AsRecaptcha: false),
        [("Turnstile", "2x00000000000000000000BB")] = new(null, AsRecaptcha: false),
    };

    public static TestAnswer? Find(TaskRequest task) =>
        task.Text("websiteKey") is { } key && Answers.TryGetValue((task.Family.Name, key), out var answer) ? answer : null;
}

/// <summary>What a test key is answered with.</summary>
/// <param name="Token">The token, or null for a key that always fails.</param>
/// <param name="AsRecaptcha">The token stands under gRecaptchaResponse, too.</param>
internal sealed record TestAnswer(string? Token, bool AsRecaptcha);
