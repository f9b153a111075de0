using System.Globalization;
using System.Net;
using Microsoft.Net.Http.Headers;

namespace UCaptcha.Server.RateLimiting;

/// <summary>Counts each request against its caller's address, tells the count in the answer and refuses what is beyond.</summary>
internal sealed class AddressRateLimitMiddleware(RequestDelegate next, AddressRateLimiter limiter, Func<HttpContext, RateDecision, Task> refuse)
{
    private readonly RateHeaders _headers = new(limiter);

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var decision = limiter.Take(context.Connection.RemoteIpAddress ?? IPAddress.None);
        _headers.WriteOnStarting(context, decision);
        return decision.Allowed ? next(context) : RefuseAsync(context, decision);
    }

    private Task RefuseAsync(HttpContext context, RateDecision decision)
    {
        if (GrpcRefusal.IsGrpc(context.Request))
            return GrpcRefusal.WriteAsync(context, decision);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers[HeaderNames.RetryAfter] = decision.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return refuse(context, decision);
    }
}
