using UCaptcha.Core;
using static UCaptcha.Server.Dialects.TaskMember;

namespace UCaptcha.Server.Dialects;

/// <summary>CapSolver: UUIDs, real HTTP statuses, solutions in createTask's answer where the provider gave one at once.</summary>
internal static class CapSolverDialect
{
    private static readonly DialectError Bad = new(1, "ERROR_INVALID_TASK_DATA");
    private static readonly DialectError Image = new(1, "ERROR_INVALID_IMAGE");
    private static readonly DialectError Denied = new(1, "ERROR_KEY_DENIED_ACCESS");
    private static readonly DialectError Proxy = new(1, "ERROR_PROXY_BANNED");
    // So spelt in the vendor's list.
    private static readonly DialectError Unavailable = new(1, "ERROR_SERVICE_UNAVALIABLE");

    public static Dialect Row { get; } = new()
    {
        Name = DialectNames.CapSolver,
        Created = [ErrorId, EmptyError, TaskId],
        CreatedReady = [ErrorId, EmptyError, Status, Solution, TaskId],
        Processing = [ErrorId, TaskId, Status],
        Ready = [ErrorId, TaskId, Solution, Status],
        BesideBalance = ("packages", "[]"),
        FailedStatus = "failed",
        ErrorStatus = StatusCodes.Status400BadRequest,
        KeyErrorStatus = StatusCodes.Status401Unauthorized,
        TryAgainStatus = StatusCodes.Status400BadRequest,
        TaskAbsent = new(1, "ERROR_BAD_REQUEST"),
        Errors = new Dictionary<string, DialectError>
        {
            [ErrorCodes.KeyDoesNotExist] = new(1, "ERROR_KEY_DOES_NOT_EXIST"),
            [ErrorCodes.IpNotAllowed] = Denied,
            [ErrorCodes.DomainNotAllowed] = Denied,
            [ErrorCodes.BadParameters] = Bad,
            [ErrorCodes.PageUrl] = Bad,
            [ErrorCodes.SiteKey] = Bad,
            [ErrorCodes.BadProxy] = Bad,
            [ErrorCodes.ProxyFormat] = Bad,
            [ErrorCodes.TaskNotSupported] = new(1, "ERROR_TASK_NOT_SUPPORTED"),
            [ErrorCodes.ZeroBalance] = new(1, "ERROR_ZERO_BALANCE"),
            [ErrorCodes.WrongCaptchaId] = new(1, "ERROR_TASKID_INVALID"),
            [ErrorCodes.DuplicateRequest] = Bad,
            [ErrorCodes.RateLimit] = new(1, "ERROR_RATE_LIMIT"),
            [ErrorCodes.NoProvidersAvailable] = Unavailable,
            [ErrorCodes.ServiceNotAvailable] = Unavailable,
            [ErrorCodes.NoSuchMethod] = new(1, "ERROR_BAD_REQUEST"),
            [ErrorCodes.Internal] = Unavailable,
            [ErrorCodes.CaptchaUnsolvable] = new(1, "ERROR_CAPTCHA_UNSOLVABLE"),
            [ErrorCodes.ZeroCaptchaFilesize] = Image,
            [ErrorCodes.TooBigCaptchaFilesize] = Image,
        },
        Failures = new Dictionary<string, DialectError> { [ErrorCodes.BadProxy] = Proxy, [ErrorCodes.ProxyFormat] = Proxy },
    };
}
