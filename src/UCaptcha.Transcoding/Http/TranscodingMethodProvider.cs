using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.Options;

namespace UCaptcha.Transcoding.Http;

// Adds to every gRPC service that is mapped the HTTP endpoints of its google.api.http rules.
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class TranscodingMethodProvider<TService>(
    CallServices services,
    RouteTable routes,
    IGrpcServiceActivator<TService> activator,
    IOptions<GrpcServiceOptions> globalOptions,
    IOptions<GrpcServiceOptions<TService>> serviceOptions)
    : IServiceMethodProvider<TService>
    where TService : class
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context)
    {
        if (ServiceMethods.Of(typeof(TService)) is not var (descriptor, bind))
            return;

        var interceptors = globalOptions.Value.Interceptors.Concat(serviceOptions.Value.Interceptors).ToList();
        bind(new TranscodingBinder<TService>(context, descriptor, services, routes, activator, interceptors));
    }
}
