namespace UCaptcha.Providers.Profiles;

/// <summary>Anti-Captcha. Types with and without proxy, reCAPTCHA v3 scores 0.3, 0.7 and 0.9, images of 100 to 500,000 bytes. List prices of November 2026.</summary>
internal static class AntiCaptcha
{
    public static ProviderProfile Profile { get; } = new()
    {
        Kind = "anticaptcha",
        Aliases = ["anti-captcha", "anti-captcha.com"],
        BaseUrl = "https://api.anti-captcha.com",
        NumericIds = true,
        FirstPoll = TimeSpan.FromSeconds(5),
        PollInterval = TimeSpan.FromSeconds(2),
        MaxImageBytes = 500_000,
        Reports = new ReportMethods("/reportIncorrectImageCaptcha", "/reportIncorrectRecaptcha", "/reportCorrectRecaptcha"),
        Families = new Dictionary<string, FamilyMapping>
        {
            ["RecaptchaV2"] = new("RecaptchaV2TaskProxyless", "RecaptchaV2Task", 0.95m) { Fields = Map.RecaptchaV2.Without("apiDomain") },
            ["RecaptchaV2Enterprise"] = new("RecaptchaV2EnterpriseTaskProxyless", "RecaptchaV2EnterpriseTask", 5.00m)
            {
                Fields = Map.RecaptchaV2Enterprise.Without("pageAction", "isInvisible", "recaptchaDataSValue"),
            },
            ["RecaptchaV3"] = new("RecaptchaV3TaskProxyless", null, 2.00m) { Fields = Map.RecaptchaV3, Scores = [0.3, 0.7, 0.9] },
            ["RecaptchaV3Enterprise"] = new("RecaptchaV3TaskProxyless", null, 5.00m)
            {
                Fields = Map.RecaptchaV3,
                Constants = new Dictionary<string, string> { ["isEnterprise"] = "true" },
                Scores = [0.3, 0.7, 0.9],
            },
            ["HCaptcha"] = new("HCaptchaTaskProxyless", "HCaptchaTask", 2.00m) { Fields = Map.HCaptcha },
            ["Turnstile"] = new("TurnstileTaskProxyless", "TurnstileTask", 2.00m)
            {
                Fields = Map.Same([.. Map.Page, "cData", "chlPageData"]).With("pageAction", "action"),
            },
            ["FunCaptcha"] = new("FunCaptchaTaskProxyless", "FunCaptchaTask", 3.00m) { Fields = Map.FunCaptcha },
            ["GeeTestV3"] = new("GeeTestTaskProxyless", "GeeTestTask", 1.80m) { Fields = Map.GeeTestV3 },
            ["GeeTestV4"] = new("GeeTestTaskProxyless", "GeeTestTask", 1.80m)
            {
                Fields = Map.Same("websiteURL", "initParameters", "geetestApiServerSubdomain", "userAgent").With("captchaId", "gt"),
                Constants = new Dictionary<string, string> { ["version"] = "4" },
            },
            ["AwsWaf"] = new("AmazonTaskProxyless", "AmazonTask", null) { Fields = Map.AwsWaf.With("wafType", "wafType").With("jsapiScript", "jsapiScript") },
            ["Prosopo"] = new("ProsopoTaskProxyless", "ProsopoTask", null) { Fields = Map.Same(Map.Page) },
            ["FriendlyCaptcha"] = new("FriendlyCaptchaTaskProxyless", "FriendlyCaptchaTask", null) { Fields = Map.Same(Map.Page) },
            ["Altcha"] = new("AltchaTaskProxyless", "AltchaTask", null) { Fields = Map.Altcha, Needs = ["challengeURL|challengeJSON"] },
            ["ImageToText"] = new("ImageToTextTask", null, 0.70m) { Fields = Map.Image.Without("imgInstructions") },
        },
    };
}
