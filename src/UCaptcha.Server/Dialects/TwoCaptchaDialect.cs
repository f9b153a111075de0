using UCaptcha.Core;

namespace UCaptcha.Server.Dialects;

/// <summary>The API v2 of 2Captcha and RuCaptcha: errors by number, money in a string of five decimals, reCAPTCHA's token under two names.</summary>
internal static class TwoCaptchaDialect
{
    private static readonly DialectError Bad = new(110, "ERROR_BAD_PARAMETERS");
    private static readonly DialectError Proxy = new(130, "ERROR_BAD_PROXY");

    private static readonly Dictionary<string, DialectError> Own = new()
    {
        [ErrorCodes.DomainNotAllowed] = Bad,
        [ErrorCodes.BadParameters] = Bad,
        [ErrorCodes.PageUrl] = new(5, "ERROR_PAGEURL"),
        [ErrorCodes.BadProxy] = Proxy,
        [ErrorCodes.ProxyFormat] = Proxy,
        [ErrorCodes.DuplicateRequest] = Bad,
    };

    public static Dialect Row { get; } = NumberedDialect.Row(DialectNames.TwoCaptcha, Own) with { CostDecimals = 5, TokenTwice = true };
}
