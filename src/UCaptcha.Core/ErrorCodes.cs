namespace UCaptcha.Core;

/// <summary>The documented error codes. They are the same on every surface; dialects translate them at the edge.</summary>
public static class ErrorCodes
{
    /// <summary>The API key is missing or unknown.</summary>
    public const string KeyDoesNotExist = "ERROR_KEY_DOES_NOT_EXIST";

    /// <summary>The caller's address is not on the key's list.</summary>
    public const string IpNotAllowed = "ERROR_IP_NOT_ALLOWED";

    /// <summary>The target site's domain is denied to this key or to everyone.</summary>
    public const string DomainNotAllowed = "ERROR_DOMAIN_NOT_ALLOWED";

    /// <summary>A parameter is unreadable, of the wrong type or out of range.</summary>
    public const string BadParameters = "ERROR_BAD_PARAMETERS";

    /// <summary><c>websiteURL</c> is missing or no full http or https URL.</summary>
    public const string PageUrl = "ERROR_PAGEURL";

    /// <summary><c>websiteKey</c>, or the key field of the family, is missing or malformed.</summary>
    public const string SiteKey = "ERROR_SITEKEY";

    /// <summary>The proxy cannot be used: a required one is missing, or the provider could not reach it.</summary>
    public const string BadProxy = "ERROR_BAD_PROXY";

    /// <summary>The proxy cannot be parsed.</summary>
    public const string ProxyFormat = "ERROR_PROXY_FORMAT";

    /// <summary>The task type is not in the catalogue.</summary>
    public const string TaskNotSupported = "TASK_NOT_SUPPORTED";

    /// <summary>The key's budget or the customer's balance is used up.</summary>
    public const string ZeroBalance = "ERROR_ZERO_BALANCE";

    /// <summary>No such task, or another key's.</summary>
    public const string WrongCaptchaId = "ERROR_WRONG_CAPTCHA_ID";

    /// <summary>The request id was used for another request.</summary>
    public const string DuplicateRequest = "ERROR_DUPLICATE_REQUEST";

    /// <summary>Too many requests from this address.</summary>
    public const string RateLimit = "ERROR_RATE_LIMIT";

    /// <summary>No configured account could ever serve the task.</summary>
    public const string NoProvidersAvailable = "NO_PROVIDERS_AVAILABLE";

    /// <summary>Overload, store down, or stopping: try again.</summary>
    public const string ServiceNotAvailable = "ERROR_SERVICE_NOT_AVAILABLE";

    /// <summary>No such path or method.</summary>
    public const string NoSuchMethod = "ERROR_NO_SUCH_METHOD";

    /// <summary>No such thing, for administrators.</summary>
    public const string NotFound = "ERROR_NOT_FOUND";

    /// <summary>The name is taken, for administrators.</summary>
    public const string AlreadyExists = "ERROR_ALREADY_EXISTS";

    /// <summary>Not possible as things stand, for administrators.</summary>
    public const string NotPossible = "ERROR_NOT_POSSIBLE";

    /// <summary>Our own fault.</summary>
    public const string Internal = "ERROR_INTERNAL";

    /// <summary>The providers tried could not solve the captcha within the task's budget.</summary>
    public const string CaptchaUnsolvable = "ERROR_CAPTCHA_UNSOLVABLE";

    /// <summary>An image is smaller than 100 bytes.</summary>
    public const string ZeroCaptchaFilesize = "ERROR_ZERO_CAPTCHA_FILESIZE";

    /// <summary>An image is larger than any account accepts.</summary>
    public const string TooBigCaptchaFilesize = "ERROR_TOO_BIG_CAPTCHA_FILESIZE";
}
