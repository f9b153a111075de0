namespace UCaptcha.Providers.Profiles;

/// <summary>2Captcha's API v2, and RuCaptcha's. Images up to 100 kB; a first poll no sooner than after 5 s, then every 5 s. List prices of November 2026.</summary>
internal static class TwoCaptcha
{
    public static ProviderProfile Profile { get; } = new()
    {
        Kind = "twocaptcha",
        Aliases = ["2captcha", "rucaptcha", "2captcha.com"],
        BaseUrl = "https://api.2captcha.com",
        NumericIds = true,
        FirstPoll = TimeSpan.FromSeconds(5),
        PollInterval = TimeSpan.FromSeconds(5),
        MaxImageBytes = 100_000,
        Reports = new ReportMethods("/reportIncorrect", "/reportIncorrect", "/reportCorrect"),
        Families = new Dictionary<string, FamilyMapping>
        {
            ["RecaptchaV2"] = new("RecaptchaV2TaskProxyless", "RecaptchaV2Task", 1.00m) { Fields = Map.RecaptchaV2 },
            ["RecaptchaV2Enterprise"] = new("RecaptchaV2EnterpriseTaskProxyless", "RecaptchaV2EnterpriseTask", 1.50m)
            {
                Fields = Map.RecaptchaV2Enterprise.Without("pageAction"),
            },
            ["RecaptchaV3"] = new("RecaptchaV3TaskProxyless", null, 1.45m) { Fields = Map.RecaptchaV3, Scores = [0.3, 0.7, 0.9] },
            ["RecaptchaV3Enterprise"] = new("RecaptchaV3TaskProxyless", null, 1.45m)
            {
                Fields = Map.RecaptchaV3,
                Constants = new Dictionary<string, string> { ["isEnterprise"] = "true" },
                Scores = [0.3, 0.7, 0.9],
            },
            ["Turnstile"] = new("TurnstileTaskProxyless", "TurnstileTask", 1.45m)
            {
                Fields = Map.Same(Map.Page).With("pageAction", "action").With("cData", "data").With("chlPageData", "pagedata"),
            },
            ["FunCaptcha"] = new("FunCaptchaTaskProxyless", "FunCaptchaTask", 1.45m) { Fields = Map.FunCaptcha },
            ["GeeTestV3"] = new("GeeTestTaskProxyless", "GeeTestTask", 2.99m) { Fields = Map.GeeTestV3 },
            ["GeeTestV4"] = new("GeeTestTaskProxyless", "GeeTestTask", 2.99m)
            {
                Fields = Map.Same("websiteURL", "initParameters", "geetestApiServerSubdomain", "userAgent").With("captchaId", "initParameters.captcha_id"),
                Constants = new Dictionary<string, string> { ["version"] = "4" },
            },
            ["AwsWaf"] = new("AmazonTaskProxyless", "AmazonTask", null) { Fields = Map.AwsWaf.With("jsapiScript", "jsapiScript") },
            ["MtCaptcha"] = new("MtCaptchaTaskProxyless", "MtCaptchaTask", null) { Fields = Map.Same(Map.Page) },
            ["Prosopo"] = new("ProsopoTaskProxyless", "ProsopoTask", null) { Fields = Map.Same(Map.Page) },
            ["FriendlyCaptcha"] = new("FriendlyCaptchaTaskProxyless", "FriendlyCaptchaTask", null)
            {
                Fields = Map.Same([.. Map.Page, "version"]).With("apiGetLib", "moduleScript"),
            },
            ["DataDome"] = new("DataDomeSliderTask", "DataDomeSliderTask", null) { Fields = Map.Same("websiteURL", "captchaUrl", "userAgent"), Needs = ["userAgent"] },
            ["Imperva"] = new("IncapsulaTask", "IncapsulaTask", null)
            {
                Fields = Map.Same("websiteURL", "userAgent", "incapsulaScriptUrl", "incapsulaCookies", "reese84UrlEndpoint"),
            },
            ["Tencent"] = new("TencentTaskProxyless", "TencentTask", null) { Fields = Map.Same("websiteURL", "captchaScript").With("websiteKey", "appId") },
            ["Yidun"] = new("YidunTaskProxyless", "YidunTask", null) { Fields = Map.Yidun },
            ["Binance"] = new("BinanceTaskProxyless", "BinanceTask", null) { Fields = Map.Same([.. Map.Page, "validateId"]) },
            ["Basilisk"] = new("BasiliskTaskProxyless", "BasiliskTask", null) { Fields = Map.Same(Map.Page) },
            ["Altcha"] = new("AltchaTaskProxyless", "AltchaTask", null) { Fields = Map.Altcha, Needs = ["challengeURL|challengeJSON"] },
            ["ImageToText"] = new("ImageToTextTask", null, 0.50m) { Fields = Map.Image.Without("websiteURL") },
        },
    };
}
