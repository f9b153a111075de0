using UCaptcha.Core;
using UCaptcha.Server.Errors;

namespace UCaptcha.Server.Legacy;

/// <summary>Gives what ends a call the shape that its API has for refusals.</summary>
internal sealed class RefusalFilter(RefusalReading refusals, Func<HttpContext, RefusedException, IResult> render) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (refusals.Read(exception, RouteOf(http), http.RequestAborted) is { } refusal)
        {
            if (refusal.RetryAfter is { } delay)
                http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(delay.TotalSeconds)).ToString("F0", System.Globalization.CultureInfo.InvariantCulture);
            return render(http, refusal);
        }
    }

    // Never the path itself: it may hold anything.
    private static string RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
}
