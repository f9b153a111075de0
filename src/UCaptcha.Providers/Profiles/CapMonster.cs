namespace UCaptcha.Providers.Profiles;

/// <summary>CapMonster Cloud. One type name with and without proxy; polls at 2 s or slower, 120 for a task; images up to 50 KB. List prices of November 2026.</summary>
internal static class CapMonster
{
    public static ProviderProfile Profile { get; } = new()
    {
        Kind = "capmonster",
        Aliases = ["capmonstercloud", "capmonster.cloud"],
        BaseUrl = "https://api.capmonster.cloud",
        NumericIds = true,
        FirstPoll = TimeSpan.FromSeconds(2),
        PollInterval = TimeSpan.FromSeconds(2.5),
        MaxImageBytes = 50 * 1024,
        Reports = new ReportMethods("/reportIncorrectImageCaptcha", "/reportIncorrectTokenCaptcha", null),
        Families = new Dictionary<string, FamilyMapping>
        {
            ["RecaptchaV2"] = new("RecaptchaV2Task", "RecaptchaV2Task", 0.60m) { Fields = Map.RecaptchaV2.Without("apiDomain") },
            ["RecaptchaV2Enterprise"] = new("RecaptchaV2EnterpriseTask", "RecaptchaV2EnterpriseTask", 0.80m) { Fields = Map.RecaptchaV2Enterprise },
            ["RecaptchaV3"] = new("RecaptchaV3TaskProxyless", null, 0.90m) { Fields = Map.RecaptchaV3.Without("apiDomain") },
            ["RecaptchaV3Enterprise"] = new("RecaptchaV3EnterpriseTask", null, 1.20m) { Fields = Map.RecaptchaV3.Without("apiDomain") },
            ["HCaptcha"] = new("HCaptchaTask", "HCaptchaTask", 0.80m) { Fields = Map.Same([.. Map.Page, "isInvisible", "data", "cookies"]) },
            ["Turnstile"] = new("TurnstileTask", "TurnstileTask", 0.70m)
            {
                Fields = Map.Same([.. Map.Page, "pageAction"]).With("cData", "data").With("chlPageData", "pageData"),
            },
            ["FunCaptcha"] = new("FunCaptchaTask", "FunCaptchaTask", 1.60m) { Fields = Map.FunCaptcha },
            ["ImageToText"] = new("ImageToTextTask", null, 0.03m)
            {
                Fields = Map.Same("body", "case", "numeric", "math", "recognizingThreshold").With("module", "capMonsterModule"),
            },
        },
    };
}
