using UCaptcha.Core;
using static UCaptcha.Server.Legacy.WordKind;

namespace UCaptcha.Server.Legacy.TwoCaptcha;

/// <summary>The methods of in.php and what each is made of.</summary>
internal static class TwoCaptchaMethods
{
    /// <summary>What a call without a method means.</summary>
    public const string Default = "post";

    private static readonly Word Page = new("pageurl", "websiteURL");
    private static readonly Word SiteKey = new("sitekey", "websiteKey");
    private static readonly Word GoogleKey = new("googlekey", "websiteKey");
    private static readonly Word Invisible = new("invisible", "isInvisible", Flag);
    private static readonly Word DataS = new("data-s", "recaptchaDataSValue");
    private static readonly Word ApiDomain = new("domain", "apiDomain");
    private static readonly Word Action = new("action", "pageAction");
    private static readonly Word Cookies = new("cookies", "cookies");
    // CapMonster Cloud's, which takes this API too.
    private static readonly Word NoCache = new("nocache", "nocache", Flag);
    private static readonly Word UserAgent = new("userAgent", "userAgent");

    /// <summary>What asks for something else of a picture than its text, or has none: 2Captcha's other kinds go by these and not by a method.</summary>
    private static readonly string[] OtherKinds = ["coordinatescaptcha", "recaptcha", "canvas", "textcaptcha"];

    private static readonly TaskWords ImageToText = new(
        "ImageToTextTask",
        new("body", "body", Image),
        new("file", "body", Image),
        new("phrase", "phrase", Flag),
        new("regsense", "case", Flag),
        new("numeric", "numeric", Number),
        new("calc", "math", Flag),
        new("min_len", "minLength", Number),
        new("max_len", "maxLength", Number),
        new("textinstructions", "comment"),
        new("imginstructions", "imgInstructions"))
    {
        ProxylessType = "ImageToTextTask",
    };

    /// <summary>The rows, the first that fits being meant.</summary>
    public static IReadOnlyList<TwoCaptchaMethod> All { get; } =
    [
        new("userrecaptcha", new("RecaptchaV3Task", GoogleKey, Page, Action, new("min_score", "minScore", Number), new("enterprise", "isEnterprise", Flag), ApiDomain, UserAgent, NoCache))
        {
            Mark = ("version", "v3"),
        },
        new("userrecaptcha", new("RecaptchaV2EnterpriseTask", GoogleKey, Page, Invisible, DataS, ApiDomain, Action, UserAgent, Cookies, NoCache)) { Mark = ("enterprise", "1") },
        new("userrecaptcha", new("RecaptchaV2Task", GoogleKey, Page, Invisible, DataS, ApiDomain, UserAgent, Cookies, NoCache)),
        new("hcaptcha", new("HCaptchaTask", SiteKey, Page, Invisible, new("data", "data"), UserAgent, Cookies)),
        new("turnstile", new("TurnstileTask", SiteKey, Page, Action, new("data", "cData"), new("pagedata", "chlPageData"), UserAgent)),
        new("funcaptcha", new(
            "FunCaptchaTask", new("publickey", "websitePublicKey"), Page, new("surl", "funcaptchaApiJSSubdomain"), new("data", "data"), new("data", "data", Bracketed), UserAgent)),
        new("geetest", new("GeeTestTask", new("gt", "gt"), new("challenge", "challenge"), Page, new("api_server", "geetestApiServerSubdomain"), UserAgent)),
        new("geetest_v4", new("GeeTestTask", new("captcha_id", "captchaId"), Page, new("api_server", "geetestApiServerSubdomain"), UserAgent) { Constant = ("version", 4) }),
        new("amazon_waf", new(
            "AmazonTask", SiteKey, Page, new("iv", "iv"), new("context", "context"), new("challenge_script", "challengeScript"), new("captcha_script", "captchaScript"), UserAgent)),
        new("mt_captcha", new("MtCaptchaTask", SiteKey, Page, UserAgent)),
        new("friendly_captcha", new("FriendlyCaptchaTask", SiteKey, Page, UserAgent)),
        new("prosopo", new("ProsopoTask", SiteKey, Page, UserAgent)),
        new("datadome", new("DataDomeSliderTask", new("captcha_url", "captchaUrl"), Page, UserAgent) { ProxylessType = "DataDomeSliderTask" }),
        new("altcha", new("AltchaTask", new("challenge_url", "challengeURL"), new("challenge_json", "challengeJSON"), Page, UserAgent)),
        new("tencent", new("TencentTask", new("app_id", "appId"), new("captcha_script", "captchaScript"), Page, UserAgent)),
        new("yidun", new(
            "YidunTask",
            SiteKey,
            Page,
            new("yidun_get_lib", "yidunGetLib"),
            new("yidun_api_server_subdomain", "yidunApiServerSubdomain"),
            new("challenge", "challenge"),
            new("hcg", "hcg"),
            new("hct", "hct", Number),
            UserAgent)),
        new("binance", new("BinanceTask", SiteKey, Page, new("validate_id", "validateId"), UserAgent)),
        new("basilisk", new("BasiliskTask", SiteKey, Page, UserAgent)),
        new("base64", ImageToText),
        new("post", ImageToText),
    ];

    /// <summary>The row that a call means.</summary>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.TaskNotSupported"/> when there is none.</exception>
    public static TaskWords Find(Parameters parameters)
    {
        var method = parameters.Text("method") ?? Default;
        var words = All.FirstOrDefault(row => row.Name.Equals(method, StringComparison.OrdinalIgnoreCase) && row.IsMarkedIn(parameters))?.Words
            ?? throw new RefusedException(ErrorCodes.TaskNotSupported, "method is not one that this server knows.", "method");
        if (words == ImageToText && Array.Find(OtherKinds, name => IsMeant(name, parameters)) is { } kind)
            throw new RefusedException(ErrorCodes.TaskNotSupported, $"{kind} asks for a kind of captcha that this server does not know.", kind);
        return words;
    }

    private static bool IsMeant(string kind, Parameters parameters) => parameters.Text(kind) is { } text && text is not ("0" or "false");
}

/// <summary>A method of in.php.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Words">The task behind it.</param>
internal sealed record TwoCaptchaMethod(string Name, TaskWords Words)
{
    /// <summary>A parameter and the value that it must have for this row to be meant, or null.</summary>
    public (string Name, string Value)? Mark { get; init; }

    public bool IsMarkedIn(Parameters parameters) =>
        Mark is not { } mark || mark.Value.Equals(parameters.Text(mark.Name), StringComparison.OrdinalIgnoreCase) || (mark.Value == "1" && parameters.IsOn(mark.Name));
}
