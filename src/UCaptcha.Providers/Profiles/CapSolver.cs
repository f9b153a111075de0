namespace UCaptcha.Providers.Profiles;

/// <summary>CapSolver. Text ids, a proxy as one string, images answered at once; polls every 3 s, 120 for a task. List prices of November 2026.</summary>
internal static class CapSolver
{
    public static ProviderProfile Profile { get; } = new()
    {
        Kind = "capsolver",
        Aliases = ["capsolver.com"],
        BaseUrl = "https://api.capsolver.com",
        ProxyInOneString = true,
        FirstPoll = TimeSpan.FromSeconds(3),
        PollInterval = TimeSpan.FromSeconds(3),
        Reports = new ReportMethods(null, null, null, Feedback: true),
        Families = new Dictionary<string, FamilyMapping>
        {
            ["RecaptchaV2"] = new("ReCaptchaV2TaskProxyLess", "ReCaptchaV2Task", 0.80m)
            {
                Fields = Map.RecaptchaV2.Without("cookies", "recaptchaDataSValue").With("recaptchaDataSValue", "enterprisePayload.s"),
            },
            ["RecaptchaV2Enterprise"] = new("ReCaptchaV2EnterpriseTaskProxyLess", "ReCaptchaV2EnterpriseTask", 1.00m)
            {
                Fields = Map.RecaptchaV2Enterprise.Without("cookies", "recaptchaDataSValue"),
            },
            ["RecaptchaV3"] = new("ReCaptchaV3TaskProxyLess", "ReCaptchaV3Task", 1.00m) { Fields = Map.RecaptchaV3 },
            ["RecaptchaV3Enterprise"] = new("ReCaptchaV3EnterpriseTaskProxyLess", "ReCaptchaV3EnterpriseTask", 3.00m)
            {
                Fields = Map.RecaptchaV3.With("enterprisePayload", "enterprisePayload"),
            },
            ["Turnstile"] = new("AntiTurnstileTaskProxyLess", null, 1.20m)
            {
                Fields = Map.Same("websiteURL", "websiteKey").With("pageAction", "metadata.action").With("cData", "metadata.cdata"),
            },
            ["GeeTestV3"] = new("GeeTestTaskProxyLess", "GeeTestTask", 1.20m) { Fields = Map.GeeTestV3 },
            ["GeeTestV4"] = new("GeeTestTaskProxyLess", "GeeTestTask", 1.20m) { Fields = Map.Same("websiteURL", "captchaId", "geetestApiServerSubdomain") },
            ["MtCaptcha"] = new("MtCaptchaTaskProxyLess", "MtCaptchaTask", 1.00m) { Fields = Map.Same("websiteURL", "websiteKey") },
            ["DataDome"] = new("DatadomeSliderTask", "DatadomeSliderTask", 2.50m) { Fields = Map.Same("captchaUrl", "userAgent", "websiteURL"), Needs = ["userAgent"] },
            ["ImageToText"] = new("ImageToTextTask", null, 0.40m) { Fields = Map.Same("body", "module", "websiteURL"), AnswersAtOnce = true },
        },
    };
}
