using UCaptcha.Core;
using static UCaptcha.Server.Dialects.TaskMember;

namespace UCaptcha.Server.Dialects;

/// <summary>
/// CapMonster Cloud. Its clients throw away every body that does not come with 200, take 503 on getTaskResult as still processing, and know the codes
/// of their own list only.
/// </summary>
internal static class CapMonsterDialect
{
    public static Dialect Row { get; } = new()
    {
        Name = DialectNames.CapMonster,
        Created = [ErrorId, TaskId],
        Processing = [ErrorId, NullError, Status],
        Ready = [ErrorId, NullError, Status, Solution, Cost],
        NumericIds = true,
        ZeroIdOnRefusal = true,
        TryAgainStatus = StatusCodes.Status503ServiceUnavailable,
        KeySuffixes = true,
        TaskAbsent = Error("ERROR_TASK_ABSENT"),
        Errors = new Dictionary<string, DialectError>
        {
            [ErrorCodes.KeyDoesNotExist] = Error("ERROR_KEY_DOES_NOT_EXIST"),
            [ErrorCodes.IpNotAllowed] = Error("ERROR_IP_NOT_ALLOWED"),
            [ErrorCodes.DomainNotAllowed] = Error("ERROR_DOMAIN_NOT_ALLOWED"),
            [ErrorCodes.BadParameters] = Error("ERROR_INVALID_TASK"),
            [ErrorCodes.PageUrl] = Error("ERROR_INVALID_TASK"),
            [ErrorCodes.SiteKey] = Error("ERROR_INVALID_TASK"),
            [ErrorCodes.BadProxy] = Error("ERROR_PROXY_MISSING"),
            [ErrorCodes.ProxyFormat] = Error("ERROR_PROXY_MISSING"),
            [ErrorCodes.TaskNotSupported] = Error("ERROR_TASK_NOT_SUPPORTED"),
            [ErrorCodes.ZeroBalance] = Error("ERROR_ZERO_BALANCE"),
            [ErrorCodes.WrongCaptchaId] = Error("ERROR_NO_SUCH_CAPCHA_ID"),
            [ErrorCodes.DuplicateRequest] = Error("ERROR_INVALID_TASK"),
            [ErrorCodes.RateLimit] = Error("ERROR_TOO_MUCH_REQUESTS"),
            [ErrorCodes.NoProvidersAvailable] = Error("ERROR_NO_SLOT_AVAILABLE"),
            [ErrorCodes.ServiceNotAvailable] = Error("ERROR_SERVICE_NOT_AVAILABLE"),
            [ErrorCodes.NoSuchMethod] = Error("ERROR_NO_SUCH_METHOD"),
            [ErrorCodes.Internal] = Error("ERROR_SERVICE_NOT_AVAILABLE"),
            [ErrorCodes.CaptchaUnsolvable] = Error("ERROR_CAPTCHA_UNSOLVABLE"),
            [ErrorCodes.ZeroCaptchaFilesize] = Error("ERROR_ZERO_CAPTCHA_FILESIZE"),
            [ErrorCodes.TooBigCaptchaFilesize] = Error("ERROR_TOO_BIG_CAPTCHA_FILESIZE"),
        },
        Failures = new Dictionary<string, DialectError>
        {
            [ErrorCodes.PageUrl] = Error("ERROR_RECAPTCHA_INVALID_DOMAIN"),
            [ErrorCodes.SiteKey] = Error("ERROR_RECAPTCHA_INVALID_SITEKEY"),
            [ErrorCodes.BadProxy] = Error("ERROR_PROXY_CONNECT_REFUSED"),
            [ErrorCodes.ProxyFormat] = Error("ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER"),
        },
    };

    private static DialectError Error(string code) => new(1, code);
}
