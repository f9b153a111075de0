using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using UCaptcha.Server.Network;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers and uses the list of proxies whose X-Forwarded-For is believed.</summary>
internal static class TrustedProxyExtensions
{
    /// <summary>Adds <see cref="TrustedProxyOptions"/>, set by <c>UCaptcha:Http:TrustedProxies</c>. A bad entry stops the start.</summary>
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TrustedProxyOptions>, TrustedProxyOptionsValidator>());
        services.AddOptions<TrustedProxyOptions>().BindConfiguration("UCaptcha:Http").ValidateOnStart();
        return services;
    }

    /// <summary>
    /// Makes <c>Connection.RemoteIpAddress</c> the caller's: the header is read from the right for as long as each hop is trusted, so what a
    /// caller writes into it himself stays behind his own address. <c>Request.Scheme</c> becomes that of X-Forwarded-Proto, so that addresses that
    /// are handed out lead back to the proxy. Belongs first in the pipeline. Without trusted proxies it adds nothing.
    /// </summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in app.ApplicationServices.GetRequiredService<IOptions<TrustedProxyOptions>>().Value.TrustedProxies)
            if (TrustedProxyOptions.TryParse(entry, out var network))
                options.KnownIPNetworks.Add(network);
        // ASP.NET believes everybody when the list is empty.
        return options.KnownIPNetworks.Count == 0 ? app : app.UseForwardedHeaders(options);
    }
}
