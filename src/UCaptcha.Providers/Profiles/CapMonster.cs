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
            ["RecaptchaV2"] = new("RecaptchaV2Task", "RecaptchaV2Task", 0.60m) { Fields = Map.RecaptchaV2.Without("apiDomain").With("nocache", "nocache") },
            ["RecaptchaV2Enterprise"] = new("RecaptchaV2EnterpriseTask", "RecaptchaV2EnterpriseTask", 0.80m) { Fields = Map.RecaptchaV2Enterprise.With("nocache", "nocache") },
            ["RecaptchaV3"] = new("RecaptchaV3TaskProxyless", null, 0.90m) { Fields = Map.RecaptchaV3.Without("apiDomain").With("nocache", "nocache") },
            ["RecaptchaV3Enterprise"] = new("RecaptchaV3EnterpriseTask", null, 1.20m) { Fields = Map.RecaptchaV3.Without("apiDomain").With("nocache", "nocache") },
            ["HCaptcha"] = new("HCaptchaTask", "HCaptchaTask", 0.80m) { Fields = Map.Same([.. Map.Page, "isInvisible", "data", "cookies"]) },
            ["Turnstile"] = new("TurnstileTask", "TurnstileTask", 0.70m)
            {
                Fields = Map.Same([.. Map.Page, "pageAction"]).With("cData", "data").With("chlPageData", "pageData"),
            },
            ["FunCaptcha"] = new("FunCaptchaTask", "FunCaptchaTask", 1.60m) { Fields = Map.FunCaptcha },
            ["CloudflareChallenge"] = new("TurnstileTask", "TurnstileTask", null)
            {
                Fields = Map.Same([.. Map.Page, "cloudflareTaskType", "htmlPageBase64", "pageAction"]).With("cData", "data").With("chlPageData", "pageData"),
                Needs = ["cloudflareTaskType"],
            },
            ["GeeTestV3"] = new("GeeTestTask", "GeeTestTask", 1.20m)
            {
                Fields = Map.GeeTestV3.With("geetestGetLib", "geetestGetLib"),
                Constants = new Dictionary<string, string> { ["version"] = "3" },
            },
            ["GeeTestV4"] = new("GeeTestTask", "GeeTestTask", 1.20m)
            {
                Fields = Map.Same("websiteURL", "initParameters", "geetestApiServerSubdomain", "geetestGetLib", "userAgent").With("captchaId", "gt"),
                Constants = new Dictionary<string, string> { ["version"] = "4" },
            },
            ["AwsWaf"] = new("AmazonTask", "AmazonTask", null) { Fields = Map.AwsWaf.With("cookieSolution", "cookieSolution") },
            ["MtCaptcha"] = new("MTCaptchaTask", "MTCaptchaTask", null) { Fields = Map.Same([.. Map.Page, "pageAction", "isInvisible"]) },
            ["Prosopo"] = new("ProsopoTask", "ProsopoTask", null) { Fields = Map.Same(Map.Page) },
            ["Yidun"] = new("YidunTask", "YidunTask", null) { Fields = Map.Yidun },
            ["Binance"] = new("BinanceTask", "BinanceTask", null) { Fields = Map.Same([.. Map.Page, "validateId"]) },
            ["DataDome"] = Custom("DataDome", Map.Same("websiteURL", "userAgent").In("metadata", "captchaUrl", "datadomeCookie", "datadomeVersion")),
            ["Imperva"] = Custom("Imperva", Map.Same("websiteURL", "userAgent").In("metadata", "incapsulaScriptUrl", "incapsulaCookies", "reese84UrlEndpoint")),
            ["Tencent"] = Custom("TenDI", Map.Same(Map.Page).In("metadata", "captchaUrl")),
            ["Altcha"] = Custom("altcha", Map.Same(Map.Page).In("metadata", "challenge", "iterations", "salt", "signature")) with { Needs = ["challenge"] },
            ["FriendlyCaptcha"] = Custom("friendly", Map.Same(Map.Page).In("metadata", "apiGetLib")) with { Needs = ["apiGetLib"] },
            ["Basilisk"] = Custom("Basilisk", Map.Same(Map.Page)),
            ["Castle"] = Custom("Castle", Map.Same([.. Map.Page, "metadata"])),
            ["Temu"] = Custom("Temu", Map.Same("websiteURL", "userAgent", "metadata")),
            ["Tspd"] = Custom("tspd", Map.Same("websiteURL", "userAgent", "metadata")),
            ["Hunt"] = Custom("HUNT", Map.Same("websiteURL", "userAgent", "metadata")),
            ["Alibaba"] = Custom("alibaba", Map.Same("websiteURL", "userAgent", "metadata")),
            ["ComplexImage"] = new("ComplexImageTask", null, null)
            {
                Fields = Map.Same("class", "imagesBase64", "imageUrls", "exampleImagesBase64", "exampleImageUrls", "metadata", "websiteURL", "userAgent"),
            },
            ["ImageToText"] = new("ImageToTextTask", null, 0.03m)
            {
                Fields = Map.Same("body", "case", "numeric", "math", "recognizingThreshold").With("module", "capMonsterModule"),
            },
        },
    };
    private static FamilyMapping Custom(string name, IReadOnlyDictionary<string, string> fields) => new("CustomTask", "CustomTask", null)
    {
        Fields = fields,
        Constants = new Dictionary<string, string> { ["class"] = $"\"{name}\"" },
    };
}
