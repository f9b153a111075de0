using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using UCaptcha.Server.RateLimiting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers and uses the limit per caller address.</summary>
internal static class AddressRateLimitExtensions
{
    /// <summary>Adds <see cref="AddressRateLimiter"/> (a singleton), set by <c>UCaptcha:RateLimit</c>. A bad setting stops the start.</summary>
    public static IServiceCollection AddAddressRateLimiter(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<AddressRateLimitOptions>().BindConfiguration("UCaptcha:RateLimit").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(provider => new AddressRateLimiter(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<AddressRateLimitOptions>>().Value.PerAddress));
        return services;
    }

    /// <summary>
    /// Puts the limit in front of what follows; adds nothing when it is off. Belongs behind <c>UseTrustedProxies</c> and in front of all else:
    /// answers given in front of it carry no X-RateLimit headers, nor does the answer that Kestrel gives when an exception leaves the pipeline.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="refuse">
    /// Writes the body of a refusal that is no gRPC call. The status (429) and Retry-After are set before; gRPC calls are answered without it.
    /// </param>
    public static IApplicationBuilder UseAddressRateLimit(this IApplicationBuilder app, Func<HttpContext, RateDecision, Task> refuse)
    {
        var limiter = app.ApplicationServices.GetRequiredService<AddressRateLimiter>();
        if (limiter.Limit == 0)
            return app;
        return app.Use(next => new AddressRateLimitMiddleware(next, limiter, refuse).InvokeAsync);
    }
}
