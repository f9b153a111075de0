using UCaptcha.Core;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Legacy.DeathByCaptcha;
using UCaptcha.Server.Legacy.RiskByPass;
using UCaptcha.Server.Legacy.TwoCaptcha;
using UCaptcha.Server.RateLimiting;

namespace UCaptcha.Server.Legacy;

/// <summary>Tells a caller of an older API in its shape that it asks too often, and every other caller in its dialect.</summary>
internal sealed class LegacyRateRefusal(TwoCaptchaApi twoCaptcha, RateRefusal others)
{
    /// <summary>Writes status and body; the headers about the limit are there already.</summary>
    public Task WriteAsync(HttpContext http, RateDecision decision)
    {
        if (RenderOf(http.Request.Path) is not { } render)
            return others.WriteAsync(http, decision);
        var refusal = new RefusedException(ErrorCodes.RateLimit, $"Too many requests from this address; try again in {decision.RetryAfterSeconds} s.");
        return render(http, refusal).ExecuteAsync(http);
    }

    private Func<HttpContext, RefusedException, IResult>? RenderOf(PathString path)
    {
        if (path.Value is { } text && (text.EndsWith("/in.php", StringComparison.OrdinalIgnoreCase) || text.EndsWith("/res.php", StringComparison.OrdinalIgnoreCase)))
            return twoCaptcha.Refuse;
        if (path.StartsWithSegments("/task") || path.StartsWithSegments("/api/user/balance"))
            return RiskByPassAnswer.Refuse;
        return path.StartsWithSegments("/api") && !path.StartsWithSegments("/api/useragent") ? DeathByCaptchaApi.Refuse : null;
    }
}
