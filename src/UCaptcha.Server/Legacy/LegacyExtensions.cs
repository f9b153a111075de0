using UCaptcha.Server.Dialects;
using UCaptcha.Server.Errors;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Legacy.DeathByCaptcha;
using UCaptcha.Server.Legacy.RiskByPass;
using UCaptcha.Server.Legacy.TwoCaptcha;
using UCaptcha.Transcoding;

namespace UCaptcha.Server.Legacy;

/// <summary>Registers and maps the older APIs.</summary>
internal static class LegacyExtensions
{
    public static IServiceCollection AddLegacy(this IServiceCollection services, ServerSetup setup)
    {
        services.AddSingleton(provider => new ParameterReader(setup.Settings.Http.MaxBodyBytes, provider.GetRequiredService<BodyRoom>(), provider.GetRequiredService<TimeProvider>())).AddSingleton<LegacyTasks>().AddSingleton<DeathByCaptchaKey>();
        return services.AddSingleton<TwoCaptchaApi>().AddSingleton<DeathByCaptchaApi>().AddSingleton<RiskByPassApi>().AddSingleton<LegacyRateRefusal>();
    }

    public static void MapLegacy(this WebApplication app)
    {
        var refusals = app.Services.GetRequiredService<RefusalReading>();
        MapTwoCaptcha(app, refusals);
        MapDeathByCaptcha(app, refusals);
        MapRiskByPass(app, refusals);
    }

    private static void MapTwoCaptcha(WebApplication app, RefusalReading refusals)
    {
        var api = app.Services.GetRequiredService<TwoCaptchaApi>();
        var group = app.MapGroup("").AddEndpointFilter(new RefusalFilter(refusals, api.Refuse));
        string?[] prefixes = [null, .. DialectNames.All];
        foreach (var prefix in prefixes)
        {
            var start = prefix is null ? "" : $"/{prefix}";
            group.Map($"{start}/in.php", (Delegate)((HttpContext http) => api.InAsync(http, prefix)));
            group.Map($"{start}/res.php", (Delegate)((HttpContext http) => api.ResAsync(http, prefix)));
        }
    }

    private static void MapDeathByCaptcha(WebApplication app, RefusalReading refusals)
    {
        var api = app.Services.GetRequiredService<DeathByCaptchaApi>();
        var group = app.MapGroup("/api").AddEndpointFilter(new RefusalFilter(refusals, DeathByCaptchaApi.Refuse));
        group.Map("", (Delegate)api.UploadAsync);
        group.Map("/captcha", (Delegate)api.UploadAsync);
        group.Map("/{id}", (Delegate)api.PollAsync);
        group.Map("/captcha/{id}", (Delegate)api.PollAsync);
        group.Map("/captcha/{id}/report", (Delegate)api.ReportAsync);
        group.Map("/user", (Delegate)api.UserAsync);
    }

    private static void MapRiskByPass(WebApplication app, RefusalReading refusals)
    {
        var api = app.Services.GetRequiredService<RiskByPassApi>();
        var group = app.MapGroup("").AddEndpointFilter(new RefusalFilter(refusals, RiskByPassAnswer.Refuse));
        group.Map("/task/submit", (Delegate)api.SubmitAsync);
        group.Map("/task/result/{id}", (Delegate)api.ResultAsync);
        group.Map("/api/user/balance", (Delegate)api.BalanceAsync);
    }
}
