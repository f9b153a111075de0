using UCaptcha.Core;

namespace UCaptcha.Server.Dialects;

/// <summary>Anti-Captcha: errors by number, money in a string of six decimals.</summary>
internal static class AntiCaptchaDialect
{
    private static readonly DialectError Incomplete = new(24, "ERROR_INCORRECT_SESSION_DATA");
    private static readonly DialectError Domain = new(32, "ERROR_RECAPTCHA_INVALID_DOMAIN");
    private static readonly DialectError Proxy = new(25, "ERROR_PROXY_CONNECT_REFUSED");

    private static readonly Dictionary<string, DialectError> Own = new()
    {
        [ErrorCodes.DomainNotAllowed] = Domain,
        [ErrorCodes.BadParameters] = Incomplete,
        [ErrorCodes.PageUrl] = Incomplete,
        [ErrorCodes.BadProxy] = Incomplete,
        [ErrorCodes.ProxyFormat] = Incomplete,
        [ErrorCodes.DuplicateRequest] = Incomplete,
    };

    public static Dialect Row { get; } = NumberedDialect.Row(DialectNames.AntiCaptcha, Own) with
    {
        CostDecimals = 6,
        CountAsText = true,
        BesideBalance = ("captchaCredits", "0"),
        Failures = new Dictionary<string, DialectError>
        {
            [ErrorCodes.PageUrl] = Domain,
            [ErrorCodes.BadProxy] = Proxy,
            [ErrorCodes.ProxyFormat] = Proxy,
        },
    };
}
