using UCaptcha.Core;
using static UCaptcha.Server.Dialects.TaskMember;

namespace UCaptcha.Server.Dialects;

/// <summary>What Anti-Captcha and 2Captcha, which took over the other's API, have in common: their answers, and most errors under the same numbers.</summary>
internal static class NumberedDialect
{
    private static readonly DialectError Busy = new(2, "ERROR_NO_SLOT_AVAILABLE");

    private static readonly Dictionary<string, DialectError> Common = new()
    {
        [ErrorCodes.KeyDoesNotExist] = new(1, "ERROR_KEY_DOES_NOT_EXIST"),
        [ErrorCodes.IpNotAllowed] = new(11, "ERROR_IP_NOT_ALLOWED"),
        [ErrorCodes.SiteKey] = new(31, "ERROR_RECAPTCHA_INVALID_SITEKEY"),
        [ErrorCodes.TaskNotSupported] = new(23, "ERROR_TASK_NOT_SUPPORTED"),
        [ErrorCodes.ZeroBalance] = new(10, "ERROR_ZERO_BALANCE"),
        [ErrorCodes.WrongCaptchaId] = new(16, "ERROR_NO_SUCH_CAPCHA_ID"),
        [ErrorCodes.RateLimit] = Busy,
        [ErrorCodes.NoProvidersAvailable] = Busy,
        [ErrorCodes.ServiceNotAvailable] = Busy,
        [ErrorCodes.NoSuchMethod] = new(14, "ERROR_NO_SUCH_METHOD"),
        [ErrorCodes.Internal] = Busy,
        [ErrorCodes.CaptchaUnsolvable] = new(12, "ERROR_CAPTCHA_UNSOLVABLE"),
        [ErrorCodes.ZeroCaptchaFilesize] = new(3, "ERROR_ZERO_CAPTCHA_FILESIZE"),
        [ErrorCodes.TooBigCaptchaFilesize] = new(4, "ERROR_TOO_BIG_CAPTCHA_FILESIZE"),
    };

    /// <summary>A row with what they share and the errors for which a vendor has its own words.</summary>
    public static Dialect Row(string name, Dictionary<string, DialectError> own) => new()
    {
        Name = name,
        Created = [ErrorId, TaskId],
        Processing = [ErrorId, Status],
        Ready = [ErrorId, Status, Solution, Cost, Ip, Times, SolveCount],
        NumericIds = true,
        TaskAbsent = new(22, "ERROR_TASK_ABSENT"),
        Errors = new Dictionary<string, DialectError>([.. Common, .. own]),
    };
}
