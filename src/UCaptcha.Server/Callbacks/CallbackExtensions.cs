using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Server.Callbacks;
using UCaptcha.Server.Callbacks.Forms;
using UCaptcha.Server.Keys;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the delivery of callbacks.</summary>
internal static class CallbackExtensions
{
    /// <summary>
    /// Adds <see cref="CallbackUrlCheck"/> and <see cref="CallbackSender"/>, which runs with the host and hears of ended tasks, set by
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
        services.AddSingleton<CallbackClient>().AddSingleton<ResultBody>().AddSingleton<CallbackForms>().AddSingleton<CallbackMetrics>();
        services.AddSingleton<Func<long, ApiKey?>>(provider => provider.GetRequiredService<KeyLoader>().FindToSign);
        services.AddSingleton<ReceiverBreakers>().AddSingleton<CallbackBacklog>().AddSingleton<CallbackDelivery>();
        services.AddSingleton<CallbackBell>().AddSingleton<IEndedTaskListener>(provider => provider.GetRequiredService<CallbackBell>());
        services.AddHostedService<CallbackSender>();
        return services;
    }
}
