using UCaptcha.Server.Options;

namespace UCaptcha.Server.Dialects;

/// <summary>CapMonster's helper that names the User-Agent to send: a setting here, since the server knows no browser.</summary>
internal static class UserAgentEndpoint
{
    private const string Path = "/api/useragent/actual";

    /// <summary>Serves it, under the dialect's own path too.</summary>
    public static void MapUserAgent(this IEndpointRouteBuilder endpoints, UCaptchaSettings settings)
    {
        foreach (var prefix in new[] { "", "/" + DialectNames.CapMonster })
            endpoints.MapGet(prefix + Path, () => Results.Text(settings.UserAgent));
    }
}
