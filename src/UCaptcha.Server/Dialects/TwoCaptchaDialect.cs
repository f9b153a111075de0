using UCaptcha.Core;
using static UCaptcha.Server.Dialects.TaskMember;

namespace UCaptcha.Server.Dialects;

/// <summary>The API v2 of 2Captcha and RuCaptcha: errors by number, money in a string of five decimals, reCAPTCHA's token under two names.</summary>
internal static class TwoCaptchaDialect
{
    private static readonly DialectError Busy = new(2, "ERROR_NO_SLOT_AVAILABLE");
    private static readonly DialectError Bad = new(110, "ERROR_BAD_PARAMETERS");
    private static readonly DialectError PageUrl = new(5, "ERROR_PAGEURL");
    private static readonly DialectError SiteKey = new(31, "ERROR_RECAPTCHA_INVALID_SITEKEY");
    private static readonly DialectError Proxy = new(130, "ERROR_BAD_PROXY");

    public static Dialect Row { get; } = new()
    {
        Name = DialectNames.TwoCaptcha,
        Created = [ErrorId, TaskId],
        Processing = [ErrorId, Status],
        Ready = [ErrorId, Status, Solution, Cost, Ip, Times, SolveCount],
        NumericIds = true,
        CostDecimals = 5,
        TokenTwice = true,
        TaskAbsent = new(22, "ERROR_TASK_ABSENT"),
        Errors = new Dictionary<string, DialectError>
        {
            [ErrorCodes.KeyDoesNotExist] = new(1, "ERROR_KEY_DOES_NOT_EXIST"),
            [ErrorCodes.IpNotAllowed] = new(11, "ERROR_IP_NOT_ALLOWED"),
            [ErrorCodes.DomainNotAllowed] = Bad,
            [ErrorCodes.BadParameters] = Bad,
            [ErrorCodes.PageUrl] = PageUrl,
            [ErrorCodes.SiteKey] = SiteKey,
            [ErrorCodes.BadProxy] = Proxy,
            [ErrorCodes.ProxyFormat] = Proxy,
            [ErrorCodes.TaskNotSupported] = new(23, "ERROR_TASK_NOT_SUPPORTED"),
            [ErrorCodes.ZeroBalance] = new(10, "ERROR_ZERO_BALANCE"),
            [ErrorCodes.WrongCaptchaId] = new(16, "ERROR_NO_SUCH_CAPCHA_ID"),
            [ErrorCodes.DuplicateRequest] = Bad,
            [ErrorCodes.RateLimit] = Busy,
            [ErrorCodes.NoProvidersAvailable] = Busy,
            [ErrorCodes.ServiceNotAvailable] = Busy,
            [ErrorCodes.NoSuchMethod] = new(14, "ERROR_NO_SUCH_METHOD"),
            [ErrorCodes.Internal] = Busy,
            [ErrorCodes.CaptchaUnsolvable] = new(12, "ERROR_CAPTCHA_UNSOLVABLE"),
            [ErrorCodes.ZeroCaptchaFilesize] = new(3, "ERROR_ZERO_CAPTCHA_FILESIZE"),
            [ErrorCodes.TooBigCaptchaFilesize] = new(4, "ERROR_TOO_BIG_CAPTCHA_FILESIZE"),
        },
    };
}
