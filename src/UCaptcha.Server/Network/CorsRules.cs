using UCaptcha.Server.Admin;
using UCaptcha.Server.RateLimiting;

namespace UCaptcha.Server.Network;

/// <summary>Which pages of other origins may call: those that <c>UCaptcha:Http:Cors:Origins</c> lists. Nothing here uses cookies, so none are allowed.</summary>
internal static class CorsRules
{
    /// <summary>Stands for every page.</summary>
    public const string EveryOrigin = "*";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(2);

    private static readonly string[] Methods = ["GET", "POST"];

    private static readonly string[] RequestHeaders =
        ["Accept", "Content-Type", "X-Api-Key", "Idempotency-Key", "Last-Event-ID", "X-Grpc-Web", "X-User-Agent", "Grpc-Timeout", "Grpc-Accept-Encoding"];

    private static readonly string[] AnswerHeaders =
    [
        "Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin", "Grpc-Encoding", "Retry-After", RateHeaders.Limit, RateHeaders.Remaining, RateHeaders.Reset,
    ];

    /// <summary>Whether a text is an origin as browsers send it: scheme and host, and a port that is not the scheme's own.</summary>
    public static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0
        && string.Equals($"{uri.Scheme}://{uri.Authority}", text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Registers what <see cref="UseCorsRules"/> needs.</summary>
    public static IServiceCollection AddCorsRules(this IServiceCollection services) => services.AddCors();

    /// <summary>Answers preflights and marks the answers for listed origins; belongs in front of the rate limit. Without origins, and at the admin port, it adds nothing.</summary>
    public static IApplicationBuilder UseCorsRules(this IApplicationBuilder app, string[] origins) => origins.Length == 0
        ? app
        : app.UseWhen(static context => !AdminSurface.Has(context), callers => callers.UseCors(policy =>
        {
            policy.WithMethods(Methods).WithHeaders(RequestHeaders).WithExposedHeaders(AnswerHeaders).SetPreflightMaxAge(PreflightLifetime);
            if (origins.Contains(EveryOrigin))
                policy.AllowAnyOrigin();
            else
                policy.WithOrigins(origins);
        }));
}
