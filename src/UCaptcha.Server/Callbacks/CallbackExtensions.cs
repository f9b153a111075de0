using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using UCaptcha.Server.Callbacks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the delivery of callbacks.</summary>
internal static class CallbackExtensions
{
    /// <summary>
    /// Adds <see cref="CallbackUrlCheck"/> and <see cref="CallbackSender"/> (singletons; the sender runs with the host), set by
    /// <c>UCaptcha:Callbacks</c>. A bad setting stops the start.
    /// </summary>
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<CallbackOptions>().BindConfiguration("UCaptcha:Callbacks")
            .Validate(options => options.Ports.All(port => port is >= 1 and <= 65_535), "UCaptcha:Callbacks:Ports must hold ports from 1 to 65535.")
            .ValidateOnStart();
        services.TryAddSingleton(provider => new CallbackAddressPolicy(provider.GetRequiredService<IOptions<CallbackOptions>>().Value));
        services.TryAddSingleton<CallbackUrlCheck>();
        services.TryAddSingleton(provider => new CallbackConnector(provider.GetRequiredService<CallbackAddressPolicy>()));
        services.TryAddSingleton<CallbackClient>();
        services.TryAddSingleton<CallbackSender>();
        services.AddHostedService(provider => provider.GetRequiredService<CallbackSender>());
        return services;
    }
}
