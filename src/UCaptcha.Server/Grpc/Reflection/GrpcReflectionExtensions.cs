using Microsoft.Extensions.DependencyInjection.Extensions;
using UCaptcha.Server.Grpc.Reflection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers and maps gRPC server reflection.</summary>
internal static class GrpcReflectionExtensions
{
    /// <summary>Adds what <see cref="MapGrpcReflection"/> needs. Call AddGrpc as well.</summary>
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        services.TryAddSingleton<MappedServices>();
        services.TryAddSingleton<ReflectionAnswers>();
        return services;
    }

    /// <summary>Maps grpc.reflection.v1.ServerReflection and its v1alpha twin over all gRPC services that are mapped, before or after this.</summary>
    public static void MapGrpcReflection(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ReflectionService>();
        endpoints.MapGrpcService<AlphaReflectionService>();
    }
}
