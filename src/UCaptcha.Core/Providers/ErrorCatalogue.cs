namespace UCaptcha.Core.Providers;

/// <summary>What the codes of the createTask family mean, whichever service says them.</summary>
public static class ErrorCatalogue
{
    private static readonly Dictionary<string, ErrorClass> ByCode = Build(
        (ErrorClass.Account,
        [
            "ERROR_KEY_DOES_NOT_EXIST", "ERROR_KEY_DENIED_ACCESS", "ERROR_ZERO_BALANCE", "ERROR_SETTLEMENT_FAILED", "ERROR_ACCOUNT_SUSPENDED",
            "ERROR_IP_NOT_ALLOWED", "ERROR_IP_BLOCKED", "ERROR_IP_BANNED", "ERROR_IP_BLOCKED_5MIN", "ERROR_KEY_TEMP_BLOCKED", "ERROR_WRONG_USER_KEY",
        ]),
        (ErrorClass.Busy,
        [
            "ERROR_NO_SLOT_AVAILABLE", "ERROR_NO_SLOT_AVAILABLE_BLOCK", "ERROR_SERVICE_UNAVALIABLE", "ERROR_SERVICE_UNAVAILABLE",
            "ERROR_SERVICE_NOT_AVAILABLE", "ERROR_RATE_LIMIT", "ERROR_TOO_MUCH_REQUESTS",
        ]),
        (ErrorClass.Retryable,
        [
            "ERROR_CAPTCHA_UNSOLVABLE", "ERROR_BAD_DUPLICATES", "ERROR_TASK_TIMEOUT", "ERROR_RECAPTCHA_TIMEOUT", "ERROR_FAILED_LOADING_WIDGET",
            "ERROR_ALL_WORKERS_FILTERED", "ERROR_TASK_CANCELED",
        ]),
        (ErrorClass.Unsupported,
        [
            "ERROR_UNKNOWN_QUESTION", "ERROR_TASK_NOT_SUPPORTED", "TASK_NOT_SUPPORTED", "ERROR_NO_SUCH_METHOD", "ERROR_FUNCAPTCHA_NOT_ALLOWED",
            "ERROR_TOO_BIG_CAPTCHA_FILESIZE", "ERROR_DOMAIN_NOT_ALLOWED",
        ]),
        (ErrorClass.User,
        [
            "ERROR_TASK_ABSENT", "ERROR_INVALID_TASK", "ERROR_INVALID_TASK_DATA", "ERROR_BAD_REQUEST", "ERROR_BAD_PARAMETERS",
            "ERROR_RECAPTCHA_INVALID_SITEKEY", "ERROR_RECAPTCHA_INVALID_DOMAIN", "ERROR_RECAPTCHA_OLD_BROWSER", "ERROR_INVISIBLE_RECAPTCHA",
            "ERROR_VISIBLE_RECAPTCHA", "ERROR_TOKEN_EXPIRED", "ERROR_WRONG_USERAGENT", "ERROR_PAGEURL", "ERROR_SITEKEY", "ERROR_ZERO_CAPTCHA_FILESIZE",
            "ERROR_IMAGE_TYPE_NOT_SUPPORTED", "ERROR_INVALID_IMAGE", "ERROR_PARSE_IMAGE_FAIL", "ERROR_BAD_IMGINSTRUCTIONS", "ERROR_EMPTY_COMMENT",
            "ERROR_INCORRECT_SESSION_DATA", "ERROR_PROXY_MISSING", "ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER",
        ]),
        (ErrorClass.Proxy,
        [
            "ERROR_PROXY_CONNECT_REFUSED", "ERROR_PROXY_CONNECT_TIMEOUT", "ERROR_PROXY_READ_TIMEOUT", "ERROR_PROXY_BANNED", "ERROR_PROXY_TRANSPARENT",
            "ERROR_PROXY_NOT_AUTHORISED", "ERROR_PROXY_HAS_NO_IMAGE_SUPPORT", "ERROR_PROXY_INCOMPATIBLE_HTTP_VERSION", "ERROR_BAD_PROXY",
            "ERR_PROXY_CONNECTION_FAILED",
        ]),
        (ErrorClass.Lost,
            ["ERROR_NO_SUCH_CAPCHA_ID", "WRONG_CAPTCHA_ID", "ERROR_WRONG_CAPTCHA_ID", "ERROR_TASKID_INVALID", "ERROR_TASK_NOT_FOUND"]));

    /// <summary>The class of a code. A code that nobody knows is worth another account.</summary>
    /// <param name="code">The provider's code.</param>
    /// <param name="proxied">The task has a proxy of the client's, so that slowness may be the proxy's.</param>
    public static ErrorClass Classify(string code, bool proxied)
    {
        if (proxied && code.Equals("ERROR_RECAPTCHA_TIMEOUT", StringComparison.OrdinalIgnoreCase))
            return ErrorClass.Proxy;
        if (ByCode.TryGetValue(code, out var known))
            return known;
        // AntiGate's own: ERROR_FACTORY_..., about the client's template.
        return code.StartsWith("ERROR_FACTORY_", StringComparison.OrdinalIgnoreCase) ? ErrorClass.User : ErrorClass.Retryable;
    }

    /// <summary>The class of an HTTP status that came without a readable error.</summary>
    public static ErrorClass ClassifyHttp(int status) => status switch
    {
        401 or 402 or 403 => ErrorClass.Account,
        429 => ErrorClass.Busy,
        >= 500 => ErrorClass.Transport,
        _ => ErrorClass.Retryable,
    };

    private static Dictionary<string, ErrorClass> Build(params (ErrorClass Class, string[] Codes)[] rows) =>
        rows.SelectMany(row => row.Codes.Select(code => (code, row.Class))).ToDictionary(row => row.code, row => row.Class, StringComparer.OrdinalIgnoreCase);
}
