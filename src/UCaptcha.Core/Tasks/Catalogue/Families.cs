using static UCaptcha.Core.Tasks.TaskFieldKind;

namespace UCaptcha.Core.Tasks.Catalogue;

/// <summary>The rows of the catalogue. Fields stand under the name that most services use; the aliases are the others' names.</summary>
internal static class Families
{
    internal static readonly TaskField Page = new("websiteURL", Url) { Required = true, ErrorCode = ErrorCodes.PageUrl };
    internal static readonly TaskField SiteKey = new("websiteKey", Text) { Required = true, ErrorCode = ErrorCodes.SiteKey };
    internal static readonly TaskField UserAgent = new("userAgent", Text);
    private static readonly TaskField Cookies = new("cookies", Any);
    private static readonly TaskField Invisible = new("isInvisible", Flag);
    private static readonly TaskField DataS = new("recaptchaDataSValue", Text) { Aliases = ["websiteSToken"] };
    private static readonly TaskField EnterprisePayload = new("enterprisePayload", Any);
    private static readonly TaskField ApiDomain = new("apiDomain", Text);
    private static readonly TaskField Action = new("pageAction", Text) { Aliases = ["action", "metadata.action"] };
    private static readonly TaskField MinScore = new("minScore", Number) { Least = 0.1, Most = 0.9 };
    private static readonly TaskField NoCache = new("nocache", Flag);
    private static readonly TaskField CData = new("cData", Text) { Aliases = ["data", "metadata.cdata"] };
    private static readonly TaskField PageData = new("chlPageData", Text) { Aliases = ["pagedata", "pageData"] };

    private static readonly TaskField DataDomeUrl = new("captchaUrl", Text) { Required = true, Aliases = ["metadata.captchaUrl"] };
    private static readonly TaskField DataDomeCookie = new("datadomeCookie", Text) { Aliases = ["metadata.datadomeCookie"] };
    private static readonly TaskField DataDomeVersion = new("datadomeVersion", Text) { Aliases = ["metadata.datadomeVersion"] };

    public static IReadOnlyList<CaptchaFamily> All { get; } =
    [
        Family("RecaptchaV2", 25, Page, SiteKey, Invisible, DataS with { Aliases = ["websiteSToken", "enterprisePayload.s"] }, ApiDomain, UserAgent, Cookies, NoCache),
        Family("RecaptchaV2Enterprise", 25, Page, SiteKey, Invisible, EnterprisePayload, DataS, ApiDomain, Action, UserAgent, Cookies, NoCache),
        Family("RecaptchaV3", 15, Page, SiteKey, Action, MinScore, ApiDomain, UserAgent, NoCache),
        Family("RecaptchaV3Enterprise", 15, Page, SiteKey, Action, MinScore, EnterprisePayload, ApiDomain, UserAgent, NoCache),
        Family("HCaptcha", 30, Page, SiteKey, Invisible, new TaskField("data", Any) { Aliases = ["rqdata", "enterprisePayload.rqdata"] }, UserAgent, Cookies),
        Family("Turnstile", 10, Page, SiteKey, Action, CData, PageData, UserAgent),
        Family(
            "CloudflareChallenge",
            20,
            Page,
            SiteKey with { Required = false },
            new TaskField("cloudflareTaskType", Text),
            new TaskField("htmlPageBase64", Text) { Aliases = ["html"] },
            Action,
            CData,
            PageData,
            UserAgent),
        Family(
            "FunCaptcha",
            25,
            Page,
            new TaskField("websitePublicKey", Text) { Required = true, ErrorCode = ErrorCodes.SiteKey, Aliases = ["websiteKey"] },
            new TaskField("funcaptchaApiJSSubdomain", Text),
            new TaskField("data", Any),
            UserAgent),
        Family("GeeTestV3", 15, Page, new TaskField("gt", Text) { Required = true, ErrorCode = ErrorCodes.SiteKey }, new TaskField("challenge", Text) { Required = true }, GeeTestServer, GeeTestLibrary, UserAgent),
        Family(
            "GeeTestV4",
            15,
            Page,
            new TaskField("captchaId", Text) { Required = true, ErrorCode = ErrorCodes.SiteKey, Aliases = ["gt", "initParameters.captcha_id"] },
            new TaskField("initParameters", Any),
            GeeTestServer,
            GeeTestLibrary,
            UserAgent),
        Family(
            "AwsWaf",
            15,
            Page,
            new TaskField("websiteKey", Text) { Aliases = ["awsKey"] },
            new TaskField("iv", Text) { Aliases = ["awsIv"] },
            new TaskField("context", Text) { Aliases = ["awsContext"] },
            new TaskField("challengeScript", Text) { Aliases = ["awsChallengeJS"] },
            new TaskField("captchaScript", Text),
            new TaskField("jsapiScript", Text),
            new TaskField("wafType", Text),
            new TaskField("cookieSolution", Flag),
            UserAgent),
        Family("DataDome", 20, Page, DataDomeUrl, DataDomeCookie, DataDomeVersion, UserAgent) with { Proxy = ProxyUse.Required },
        Family("MtCaptcha", 15, Page, SiteKey, Action, Invisible, UserAgent),
        Family("FriendlyCaptcha", 15, Page, SiteKey, new TaskField("apiGetLib", Text) { Aliases = ["metadata.apiGetLib", "moduleScript"] }, new TaskField("version", Text), UserAgent),
        Family("Prosopo", 15, Page, SiteKey, UserAgent),
        Family(
            "ImageToText",
            5,
            new TaskField("body", Image) { Required = true, ErrorCode = ErrorCodes.ZeroCaptchaFilesize },
            new TaskField("phrase", Flag),
            new TaskField("case", Flag),
            new TaskField("numeric", Any),
            new TaskField("math", Flag),
            new TaskField("minLength", Integer),
            new TaskField("maxLength", Integer),
            new TaskField("comment", Text),
            new TaskField("imgInstructions", Text),
            new TaskField("module", Text) { Aliases = ["capMonsterModule"] },
            new TaskField("recognizingThreshold", Integer),
            Page with { Required = false }) with { Proxy = ProxyUse.Never },
        .. RareFamilies.All,
    ];

    private static TaskField GeeTestLibrary => new("geetestGetLib", Text);

    private static TaskField GeeTestServer => new("geetestApiServerSubdomain", Text);

    internal static CaptchaFamily Family(string name, int typicalSeconds, params TaskField[] fields) =>
        new() { Name = name, Fields = fields, TypicalSolveTime = TimeSpan.FromSeconds(typicalSeconds) };
}
