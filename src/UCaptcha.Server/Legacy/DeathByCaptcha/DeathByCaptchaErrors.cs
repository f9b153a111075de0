using UCaptcha.Core;

namespace UCaptcha.Server.Legacy.DeathByCaptcha;

/// <summary>Every reason for a refusal in this API's words, with its HTTP status: 403 is about the account, 400 about the captcha, 503 about load.</summary>
internal static class DeathByCaptchaErrors
{
    private static readonly Dictionary<string, (string Word, int Http)> Rows = new(StringComparer.Ordinal)
    {
        [LegacyCodes.KeyFormat] = ("not-logged-in", 403),
        [ErrorCodes.KeyDoesNotExist] = ("invalid-credentials", 403),
        [ErrorCodes.IpNotAllowed] = ("access-denied", 403),
        [ErrorCodes.DomainNotAllowed] = ("access-denied", 403),
        [ErrorCodes.ZeroBalance] = ("insufficient-funds", 403),
        [ErrorCodes.BadParameters] = ("invalid-captcha", 400),
        [ErrorCodes.PageUrl] = ("invalid-captcha", 400),
        [ErrorCodes.SiteKey] = ("invalid-captcha", 400),
        [ErrorCodes.BadProxy] = ("invalid-captcha", 400),
        [ErrorCodes.ProxyFormat] = ("invalid-captcha", 400),
        [ErrorCodes.TaskNotSupported] = ("invalid-captcha", 400),
        [ErrorCodes.ZeroCaptchaFilesize] = ("invalid-captcha", 400),
        [ErrorCodes.TooBigCaptchaFilesize] = ("invalid-captcha", 400),
        [ErrorCodes.CaptchaUnsolvable] = ("invalid-captcha", 400),
        [LegacyCodes.ActionMissing] = ("invalid-captcha", 400),
        [LegacyCodes.IdFormat] = ("invalid-captcha", 400),
        [ErrorCodes.WrongCaptchaId] = ("Captcha not found or not owned by this user", 503),
        [LegacyCodes.ReportNotRecorded] = ("Captcha not found or not owned by this user", 503),
        [ErrorCodes.DuplicateRequest] = ("invalid-captcha", 409),
        [LegacyCodes.BodyTooLarge] = ("invalid-captcha", 413),
        [ErrorCodes.RateLimit] = ("service-overload", 429),
        [ErrorCodes.NoProvidersAvailable] = ("service-overload", 503),
        [ErrorCodes.ServiceNotAvailable] = ("service-overload", 503),
        [ErrorCodes.NoSuchMethod] = ("not-found", 404),
        [LegacyCodes.MethodNotAllowed] = ("method-not-allowed", 405),
        [ErrorCodes.Internal] = ("internal-error", 500),
    };

    /// <summary>Every code that has a row.</summary>
    public static IReadOnlyCollection<string> Codes => Rows.Keys;

    /// <summary>The row of a code; a code that nobody knows is our own fault.</summary>
    public static (string Word, int Http) Find(string code) => Rows.TryGetValue(code, out var row) ? row : Rows[ErrorCodes.Internal];
}
