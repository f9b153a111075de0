using UCaptcha.Core;
using static UCaptcha.Server.Legacy.WordKind;

namespace UCaptcha.Server.Legacy.RiskByPass;

/// <summary>The task types and what each is made of. A type of createTask's is taken as well, with its own fields.</summary>
internal static class RiskByPassTypes
{
    private static readonly Word Page = new("target_url", "websiteURL");
    private static readonly Word SiteKey = new("site_key", "websiteKey");
    private static readonly Word Action = new("action", "pageAction");
    private static readonly Word UserAgent = new("user_agent", "userAgent");

    private static readonly Dictionary<string, TaskWords> Rows = new(StringComparer.OrdinalIgnoreCase)
    {
        ["turnstile"] = new("TurnstileTask", SiteKey, Page, Action, new("cdata", "cData"), UserAgent),
        ["hcaptcha"] = new("HCaptchaTask", SiteKey, Page, new("rqdata", "data"), UserAgent),
        ["recaptchav2"] = new("RecaptchaV2Task", SiteKey, Page, new("invisible", "isInvisible", Flag), new("enterprise", "isEnterprise", Flag), UserAgent),
        ["recaptchav3"] = new(
            "RecaptchaV3Task", SiteKey, Page, Action, new("min_score", "minScore", Number), new("enterprise", "isEnterprise", Flag), new("title", "pageTitle"), UserAgent),
        ["cloudflare_waf"] = new("AntiCloudflareTask", Page, new("html", "htmlPageBase64"), UserAgent) { ProxylessType = "AntiCloudflareTask" },
        ["aws"] = new("AmazonTask", Page, new("aws_js_url", "challengeScript"), UserAgent),
        ["datadome"] = new("DataDomeSliderTask", Page, new("captcha_url", "captchaUrl"), UserAgent) { ProxylessType = "DataDomeSliderTask" },
    };

    /// <summary>Every type that has a row.</summary>
    public static IReadOnlyCollection<string> Names => Rows.Keys;

    /// <summary>The task that a call means.</summary>
    /// <exception cref="RefusedException">The type is missing.</exception>
    public static TaskWords Read(Parameters parameters)
    {
        if (parameters.Text("task_type") is not { } type)
            throw new RefusedException(ErrorCodes.BadParameters, "task_type is missing.", "task_type");
        if (Rows.TryGetValue(type, out var words))
            return words;
        return new TaskWords(type, [.. parameters.Names.Where(name => !IsOfTheCall(name)).Select(name => new Word(name, name))]) { ProxylessType = type };
    }

    private static bool IsOfTheCall(string name) =>
        name.Equals("task_type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("token", StringComparison.OrdinalIgnoreCase)
        || name.Equals("type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("proxy", StringComparison.OrdinalIgnoreCase)
        || name.Equals("proxytype", StringComparison.OrdinalIgnoreCase);
}
