using Microsoft.Extensions.DependencyInjection.Extensions;
using UCaptcha.Server.Grpc.Health;
using UCaptcha.Server.Grpc.Reflection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers and maps the gRPC health service.</summary>
internal static class GrpcHealthExtensions
{
    /// <summary>Adds <see cref="ServingState"/> (a singleton) and what <see cref="MapGrpcHealth"/> needs. Call AddGrpc as well.</summary>
    public static IServiceCollection AddGrpcHealth(this IServiceCollection services)
    {
        services.TryAddSingleton<MappedServices>();
        services.TryAddSingleton<ServingState>();
        return services;
    }

    /// <summary>Maps grpc.health.v1.Health. When the host begins to stop, everything is NOT_SERVING, drained or not.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcHealth(this IEndpointRouteBuilder endpoints)
    {
        var state = endpoints.ServiceProvider.GetRequiredService<ServingState>();
        endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(state.Drain);
        return endpoints.MapGrpcService<HealthService>();
    }
}
