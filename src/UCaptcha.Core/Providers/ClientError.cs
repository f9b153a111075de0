namespace UCaptcha.Core.Providers;

/// <summary>How the end of a failed task is told to its client, in the documented codes.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Description">A sentence.</param>
public sealed record ClientError(string Code, string Description)
{
    private static readonly Dictionary<string, string> UserCodes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ERROR_RECAPTCHA_INVALID_SITEKEY"] = ErrorCodes.SiteKey,
        ["ERROR_SITEKEY"] = ErrorCodes.SiteKey,
        ["ERROR_RECAPTCHA_INVALID_DOMAIN"] = ErrorCodes.PageUrl,
        ["ERROR_PAGEURL"] = ErrorCodes.PageUrl,
        ["ERROR_ZERO_CAPTCHA_FILESIZE"] = ErrorCodes.ZeroCaptchaFilesize,
        ["ERROR_PROXY_MISSING"] = ErrorCodes.BadProxy,
        ["ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER"] = ErrorCodes.ProxyFormat,
    };

    /// <summary>
    /// What a client is told of the error that ended its task. An account's own trouble, its key or its balance, is the
    /// operator's business and never looks like the client's.
    /// </summary>
    public static ClientError Of(ProviderError error) => error.Class switch
    {
        ErrorClass.User => new ClientError(
            UserCodes.GetValueOrDefault(error.Code, ErrorCodes.BadParameters), $"The provider refused the task: {Sentence(error)}"),
        ErrorClass.Proxy => new ClientError(ErrorCodes.BadProxy, $"The provider could not use the proxy ({error.Code})."),
        ErrorClass.Unsupported => error.Code.ToUpperInvariant() switch
        {
            "ERROR_TOO_BIG_CAPTCHA_FILESIZE" => new ClientError(ErrorCodes.TooBigCaptchaFilesize, "The image is larger than the provider accepts."),
            "ERROR_DOMAIN_NOT_ALLOWED" => new ClientError(ErrorCodes.DomainNotAllowed, "The provider does not solve for this site."),
            _ => new ClientError(ErrorCodes.CaptchaUnsolvable, "No provider took this task."),
        },
        ErrorClass.Retryable => new ClientError(ErrorCodes.CaptchaUnsolvable, "Provider could not solve the captcha"),
        ErrorClass.Busy => new ClientError(ErrorCodes.CaptchaUnsolvable, "No provider had a free slot within the task's time."),
        _ => new ClientError(ErrorCodes.CaptchaUnsolvable, "No provider could serve the task within its time."),
    };

    private static string Sentence(ProviderError error) => error.Description.Length > 0 ? error.Description : error.Code;
}
