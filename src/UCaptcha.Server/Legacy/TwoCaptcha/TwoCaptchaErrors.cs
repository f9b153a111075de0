using UCaptcha.Core;

namespace UCaptcha.Server.Legacy.TwoCaptcha;

/// <summary>Every reason for a refusal or a failure as in.php and res.php say it: documented by uCaptcha, and in 2Captcha's own words.</summary>
internal static class TwoCaptchaErrors
{
    private static readonly Dictionary<string, TwoCaptchaError> Rows = new(StringComparer.Ordinal)
    {
        [LegacyCodes.KeyFormat] = new("ERROR_WRONG_USER_KEY", 401),
        [ErrorCodes.KeyDoesNotExist] = new("ERROR_KEY_DOES_NOT_EXIST", 401),
        [ErrorCodes.IpNotAllowed] = new("ERROR_IP_NOT_ALLOWED", 403),
        [ErrorCodes.DomainNotAllowed] = new("ERROR_DOMAIN_NOT_ALLOWED", 403) { Vendor = "ERROR_BAD_TOKEN_OR_PAGEURL" },
        [ErrorCodes.BadParameters] = new("ERROR_BAD_PARAMETERS", 400),
        [ErrorCodes.PageUrl] = new("ERROR_PAGEURL", 400),
        [ErrorCodes.SiteKey] = new("ERROR_SITEKEY", 400) { Vendor = "ERROR_GOOGLEKEY" },
        [ErrorCodes.BadProxy] = new("ERROR_BAD_PROXY", 400),
        [ErrorCodes.ProxyFormat] = new("ERROR_PROXY_FORMAT", 400),
        [ErrorCodes.TaskNotSupported] = new("TASK_NOT_SUPPORTED", 400) { Vendor = "ERROR_BAD_PARAMETERS" },
        [ErrorCodes.ZeroCaptchaFilesize] = new("ERROR_ZERO_CAPTCHA_FILESIZE", 400),
        [ErrorCodes.TooBigCaptchaFilesize] = new("ERROR_TOO_BIG_CAPTCHA_FILESIZE", 400),
        [ErrorCodes.ZeroBalance] = new("ERROR_ZERO_BALANCE", 402),
        [ErrorCodes.WrongCaptchaId] = new("ERROR_WRONG_CAPTCHA_ID", 404),
        [LegacyCodes.IdFormat] = new("ERROR_WRONG_CAPTCHA_ID", 404) { Vendor = "ERROR_WRONG_ID_FORMAT" },
        [ErrorCodes.DuplicateRequest] = new("ERROR_DUPLICATE_REQUEST", 409) { Vendor = "ERROR_BAD_PARAMETERS" },
        [ErrorCodes.RateLimit] = new("ERROR_RATE_LIMIT", 429) { Vendor = "MAX_USER_TURN" },
        [ErrorCodes.NoProvidersAvailable] = new("NO_PROVIDERS_AVAILABLE", 503) { Vendor = "ERROR_NO_SLOT_AVAILABLE" },
        [ErrorCodes.ServiceNotAvailable] = new("ERROR_SERVICE_NOT_AVAILABLE", 503) { Vendor = "ERROR_NO_SLOT_AVAILABLE" },
        [ErrorCodes.NoSuchMethod] = new("ERROR_NO_SUCH_METHOD", 404) { Vendor = "ERROR_BAD_PARAMETERS" },
        [ErrorCodes.Internal] = new("ERROR_INTERNAL", 500),
        [ErrorCodes.CaptchaUnsolvable] = new("ERROR_CAPTCHA_UNSOLVABLE", 200),
        [LegacyCodes.BodyTooLarge] = new("ERROR_BAD_PARAMETERS", 413) { Vendor = "ERROR_TOO_BIG_CAPTCHA_FILESIZE" },
        [LegacyCodes.MethodNotAllowed] = new("ERROR_NO_SUCH_METHOD", 405) { Vendor = "ERROR_BAD_PARAMETERS" },
        [LegacyCodes.ActionMissing] = new("ERROR_EMPTY_ACTION", 400),
        [LegacyCodes.ReportNotRecorded] = new("ERROR_BAD_PARAMETERS", 400) { Vendor = "ERROR_REPORT_NOT_RECORDED" },
    };

    /// <summary>Every code that has a row.</summary>
    public static IReadOnlyCollection<string> Codes => Rows.Keys;

    /// <summary>The row of a code; a code that nobody knows is our own fault.</summary>
    public static TwoCaptchaError Find(string code) => Rows.GetValueOrDefault(code) ?? Rows[ErrorCodes.Internal];
}

/// <summary>A word of in.php and res.php.</summary>
/// <param name="Documented">The word that uCaptcha documents.</param>
/// <param name="Http">Its HTTP status; in 2Captcha's own style it is always 200.</param>
internal sealed record TwoCaptchaError(string Documented, int Http)
{
    /// <summary>The word that 2Captcha's clients know.</summary>
    public string Vendor { get; init; } = Documented;
}
