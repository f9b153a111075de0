using UCaptcha.Core;
using static UCaptcha.Server.Dialects.TaskMember;

namespace UCaptcha.Server.Dialects;

/// <summary>Anti-Captcha: errors by number, money in a string of six decimals.</summary>
internal static class AntiCaptchaDialect
{
    private static readonly DialectError Busy = new(2, "ERROR_NO_SLOT_AVAILABLE");
    private static readonly DialectError Incomplete = new(24, "ERROR_INCORRECT_SESSION_DATA");
    private static readonly DialectError SiteKey = new(31, "ERROR_RECAPTCHA_INVALID_SITEKEY");
    private static readonly DialectError Domain = new(32, "ERROR_RECAPTCHA_INVALID_DOMAIN");
    private static readonly DialectError Proxy = new(25, "ERROR_PROXY_CONNECT_REFUSED");

    public static Dialect Row { get; } = new()
    {
        Name = DialectNames.AntiCaptcha,
        Created = [ErrorId, TaskId],
        Processing = [ErrorId, Status],
        Ready = [ErrorId, Status, Solution, Cost, Ip, Times, SolveCount],
        NumericIds = true,
        CostDecimals = 6,
        CountAsText = true,
        BesideBalance = ("captchaCredits", "0"),
        TaskAbsent = new(22, "ERROR_TASK_ABSENT"),
        Errors = new Dictionary<string, DialectError>
        {
            [ErrorCodes.KeyDoesNotExist] = new(1, "ERROR_KEY_DOES_NOT_EXIST"),
            [ErrorCodes.IpNotAllowed] = new(11, "ERROR_IP_NOT_ALLOWED"),
            [ErrorCodes.DomainNotAllowed] = Domain,
            [ErrorCodes.BadParameters] = Incomplete,
            [ErrorCodes.PageUrl] = Incomplete,
            [ErrorCodes.SiteKey] = SiteKey,
            [ErrorCodes.BadProxy] = Incomplete,
            [ErrorCodes.ProxyFormat] = Incomplete,
            [ErrorCodes.TaskNotSupported] = new(23, "ERROR_TASK_NOT_SUPPORTED"),
            [ErrorCodes.ZeroBalance] = new(10, "ERROR_ZERO_BALANCE"),
            [ErrorCodes.WrongCaptchaId] = new(16, "ERROR_NO_SUCH_CAPCHA_ID"),
            [ErrorCodes.DuplicateRequest] = Incomplete,
            [ErrorCodes.RateLimit] = Busy,
            [ErrorCodes.NoProvidersAvailable] = Busy,
            [ErrorCodes.ServiceNotAvailable] = Busy,
            [ErrorCodes.NoSuchMethod] = new(14, "ERROR_NO_SUCH_METHOD"),
            [ErrorCodes.Internal] = Busy,
            [ErrorCodes.CaptchaUnsolvable] = new(12, "ERROR_CAPTCHA_UNSOLVABLE"),
            [ErrorCodes.ZeroCaptchaFilesize] = new(3, "ERROR_ZERO_CAPTCHA_FILESIZE"),
            [ErrorCodes.TooBigCaptchaFilesize] = new(4, "ERROR_TOO_BIG_CAPTCHA_FILESIZE"),
        },
        Failures = new Dictionary<string, DialectError>
        {
            [ErrorCodes.PageUrl] = Domain,
            [ErrorCodes.BadProxy] = Proxy,
            [ErrorCodes.ProxyFormat] = Proxy,
        },
    };
}
