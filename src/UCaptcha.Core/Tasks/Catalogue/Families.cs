using static UCaptcha.Core.Tasks.TaskFieldKind;

namespace UCaptcha.Core.Tasks.Catalogue;

/// <summary>The rows of the catalogue. Fields stand under the name that most services use; the aliases are the others' names.</summary>
internal static class Families
{
    private static readonly TaskField Page = new("websiteURL", Url) { Required = true, ErrorCode = ErrorCodes.PageUrl };
    private static readonly TaskField SiteKey = new("websiteKey", Text) { Required = true, ErrorCode = ErrorCodes.SiteKey };
    private static readonly TaskField UserAgent = new("userAgent", Text);
    private static readonly TaskField Cookies = new("cookies", Any);
    private static readonly TaskField Invisible = new("isInvisible", Flag);
    private static readonly TaskField DataS = new("recaptchaDataSValue", Text) { Aliases = ["websiteSToken"] };
    private static readonly TaskField EnterprisePayload = new("enterprisePayload", Any);
    private static readonly TaskField ApiDomain = new("apiDomain", Text);
    private static readonly TaskField Action = new("pageAction", Text) { Aliases = ["action", "metadata.action"] };
    private static readonly TaskField MinScore = new("minScore", Number) { Least = 0.1, Most = 0.9 };
    private static readonly TaskField CData = new("cData", Text) { Aliases = ["data", "metadata.cdata"] };
    private static readonly TaskField PageData = new("chlPageData", Text) { Aliases = ["pagedata", "pageData"] };

    public static IReadOnlyList<CaptchaFamily> All { get; } =
    [
        Family("RecaptchaV2", 25, Page, SiteKey, Invisible, DataS with { Aliases = ["websiteSToken", "enterprisePayload.s"] }, ApiDomain, UserAgent, Cookies),
        Family("RecaptchaV2Enterprise", 25, Page, SiteKey, Invisible, EnterprisePayload, DataS, ApiDomain, Action, UserAgent, Cookies),
        Family("RecaptchaV3", 15, Page, SiteKey, Action, MinScore, ApiDomain, UserAgent),
        Family("RecaptchaV3Enterprise", 15, Page, SiteKey, Action, MinScore, EnterprisePayload, ApiDomain, UserAgent),
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
        Family("GeeTestV3", 15, Page, new TaskField("gt", Text) { Required = true, ErrorCode = ErrorCodes.SiteKey }, new TaskField("challenge", Text) { Required = true }, GeeTestServer, UserAgent),
        Family(
            "GeeTestV4",
            15,
            Page,
            new TaskField("captchaId", Text) { Required = true, ErrorCode = ErrorCodes.SiteKey, Aliases = ["gt", "initParameters.captcha_id"] },
            GeeTestServer,
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
            new TaskField("cookieSolution", Flag),
            UserAgent),
        Family("DataDome", 20, Page, new TaskField("captchaUrl", Text) { Required = true }, UserAgent with { Required = true }) with { Proxy = ProxyUse.Required },
        Family("MtCaptcha", 15, Page, SiteKey, Action, Invisible, UserAgent),
        Family("FriendlyCaptcha", 15, Page, SiteKey, UserAgent),
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
    ];

    private static TaskField GeeTestServer => new("geetestApiServerSubdomain", Text);

    private static CaptchaFamily Family(string name, int typicalSeconds, params TaskField[] fields) =>
        new() { Name = name, Fields = fields, TypicalSolveTime = TimeSpan.FromSeconds(typicalSeconds) };
}
