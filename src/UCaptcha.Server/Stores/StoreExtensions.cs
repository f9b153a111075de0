using UCaptcha.Server.Stores;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what looks after the store.</summary>
internal static class StoreExtensions
{
    public static IServiceCollection AddStoreWatch(this IServiceCollection services)
    {
        services.AddSingleton<StoreWatch>().AddHostedService(provider => provider.GetRequiredService<StoreWatch>());
        services.AddSingleton<ClockWatch>();
        services.AddHostedService<StoreGauges>();
        return services;
    }
}
