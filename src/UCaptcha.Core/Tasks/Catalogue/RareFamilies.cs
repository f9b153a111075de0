using static UCaptcha.Core.Tasks.TaskFieldKind;

namespace UCaptcha.Core.Tasks.Catalogue;

/// <summary>Families that one or two services solve. CapMonster Cloud keeps their inputs in <c>metadata</c>, 2Captcha beside the others.</summary>
internal static class RareFamilies
{
    private static readonly TaskField Page = Families.Page;
    private static readonly TaskField SiteKey = Families.SiteKey;
    private static readonly TaskField UserAgent = Families.UserAgent;
    private static readonly TaskField Metadata = new("metadata", Any);

    public static IReadOnlyList<CaptchaFamily> All { get; } =
    [
        Family(
            "Altcha",
            10,
            Page,
            SiteKey with { Required = false },
            Inner("challenge"),
            Inner("iterations"),
            Inner("salt"),
            Inner("signature"),
            new TaskField("challengeURL", Text),
            new TaskField("challengeJSON", Any),
            UserAgent),
        Family("Imperva", 20, Page, Inner("incapsulaScriptUrl"), Inner("incapsulaCookies"), Inner("reese84UrlEndpoint"), UserAgent) with { Proxy = ProxyUse.Required },
        Family(
            "Tencent",
            20,
            Page,
            SiteKey with { Aliases = ["appId"] },
            new TaskField("captchaUrl", Text) { Aliases = ["metadata.captchaUrl"] },
            new TaskField("captchaScript", Text),
            UserAgent),
        Family(
            "Yidun",
            20,
            Page,
            SiteKey,
            new TaskField("yidunGetLib", Text),
            new TaskField("yidunApiServerSubdomain", Text),
            new TaskField("challenge", Text),
            new TaskField("hcg", Text),
            new TaskField("hct", Integer),
            UserAgent),
        Family("Binance", 20, Page, SiteKey, new TaskField("validateId", Text) { Required = true }, UserAgent),
        Family("Basilisk", 15, Page, SiteKey, UserAgent),
        Family("Castle", 10, Page, SiteKey, Metadata, UserAgent),
        Family("Temu", 20, Page, Metadata, UserAgent),
        Family("Tspd", 20, Page, Metadata, UserAgent) with { Proxy = ProxyUse.Required },
        Family("Hunt", 20, Page, Metadata, UserAgent) with { Proxy = ProxyUse.Required },
        Family("Alibaba", 20, Page, Metadata, UserAgent),
        Family(
            "ComplexImage",
            5,
            new TaskField("class", Text) { Required = true },
            new TaskField("imagesBase64", Any),
            new TaskField("imageUrls", Any),
            new TaskField("exampleImagesBase64", Any),
            new TaskField("exampleImageUrls", Any),
            Metadata,
            Page with { Required = false },
            UserAgent) with { Proxy = ProxyUse.Never },
    ];

    private static TaskField Inner(string name) => new(name, Any) { Aliases = ["metadata." + name] };

    private static CaptchaFamily Family(string name, int typicalSeconds, params TaskField[] fields) => Families.Family(name, typicalSeconds, fields);
}
