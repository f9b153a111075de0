using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace UCaptcha.Transcoding.Http;

// Wraps a handler in the interceptors that gRPC calls of its service run through: those of all services, then those of this one.
internal static class InterceptorPipeline
{
    public static UnaryServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(
        UnaryServerMethod<TRequest, TResponse> handler, IEnumerable<InterceptorRegistration> interceptors)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(handler, (next, registration) =>
        {
            var activatorType = ActivatorOf(registration);
            return async (request, context) =>
            {
                var (activator, handle) = Create(activatorType, registration, context);
                try
                {
                    return await handle.Instance.UnaryServerHandler(request, context, next);
                }
                finally
                {
                    await activator.ReleaseAsync(handle);
                }
            };
        });

    public static ServerStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(
        ServerStreamingServerMethod<TRequest, TResponse> handler, IEnumerable<InterceptorRegistration> interceptors)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(handler, (next, registration) =>
        {
            var activatorType = ActivatorOf(registration);
            return async (request, stream, context) =>
            {
                var (activator, handle) = Create(activatorType, registration, context);
                try
                {
                    await handle.Instance.ServerStreamingServerHandler(request, stream, context, next);
                }
                finally
                {
                    await activator.ReleaseAsync(handle);
                }
            };
        });

    private static Type ActivatorOf(InterceptorRegistration registration) => typeof(IGrpcInterceptorActivator<>).MakeGenericType(registration.Type);

    private static (IGrpcInterceptorActivator, GrpcActivatorHandle<Interceptor>) Create(
        Type activatorType, InterceptorRegistration registration, ServerCallContext context)
    {
        var services = context.GetHttpContext().RequestServices;
        var activator = (IGrpcInterceptorActivator)services.GetRequiredService(activatorType);
        return (activator, activator.Create(services, registration));
    }
}
