using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using UCaptcha.Transcoding.Binding;
using UCaptcha.Transcoding.Templates;

namespace UCaptcha.Transcoding.Http;

// Makes the endpoints of each method as generated code binds it.
internal sealed class TranscodingBinder<TService>(
    ServiceMethodProviderContext<TService> context,
    ServiceDescriptor descriptor,
    CallServices services,
    RouteTable routes,
    IGrpcServiceActivator<TService> activator,
    IReadOnlyList<InterceptorRegistration> interceptors)
    : ServiceBinderBase
    where TService : class
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, Grpc.Core.UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation(method.Name, typeof(TRequest), typeof(ServerCallContext));
        var call = implementation.CreateDelegate<UnaryServerMethod<TService, TRequest, TResponse>>();
        var pipeline = InterceptorPipeline.Wrap<TRequest, TResponse>(
            async (request, serverCall) =>
            {
                var http = serverCall.GetHttpContext();
                HttpTranscodingCallContext.ThrowIfMisfit(http);
                var service = activator.Create(http.RequestServices);
                try
                {
                    return await call(service.Instance, request, serverCall);
                }
                finally
                {
                    await activator.ReleaseAsync(service);
                }
            },
            interceptors);
        AddRoutes(method, implementation, route => new UnaryCallHandler<TRequest, TResponse>(services, route, method.FullName, pipeline));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Grpc.Core.ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation(method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var call = implementation.CreateDelegate<ServerStreamingServerMethod<TService, TRequest, TResponse>>();
        var pipeline = InterceptorPipeline.Wrap<TRequest, TResponse>(
            async (request, stream, serverCall) =>
            {
                var http = serverCall.GetHttpContext();
                HttpTranscodingCallContext.ThrowIfMisfit(http);
                var service = activator.Create(http.RequestServices);
                try
                {
                    await call(service.Instance, request, stream, serverCall);
                }
                finally
                {
                    await activator.ReleaseAsync(service);
                }
            },
            interceptors);
        AddRoutes(method, implementation, route => new ServerStreamingCallHandler<TRequest, TResponse>(services, route, method.FullName, pipeline));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Grpc.Core.ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        RefuseRules(method.Name);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Grpc.Core.DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        RefuseRules(method.Name);

    private void AddRoutes<TRequest, TResponse>(
        Method<TRequest, TResponse> method, MethodInfo implementation, Func<TranscodingRoute, CallHandler> makeHandler)
        where TRequest : class where TResponse : class
    {
        var methodDescriptor = descriptor.FindMethodByName(method.Name);
        var attributes = typeof(TService).GetCustomAttributes(inherit: true).Concat(implementation.GetCustomAttributes(inherit: true)).ToList();
        foreach (var rule in HttpRuleBinding.Of(methodDescriptor))
        {
            foreach (var prefix in routes.Prefixes)
            {
                var template = prefix is null ? rule.Template : PathTemplate.Parse(prefix + rule.Template.Text);
                var route = new TranscodingRoute(prefix, methodDescriptor, rule, template);
                List<object> metadata = [.. attributes, route];
                if (rule.HttpMethod != HttpRuleBinding.AnyMethod)
                    metadata.Add(new HttpMethodMetadata([rule.HttpMethod]));

                context.AddMethod(method, RoutePatterns.For(template), metadata, makeHandler(route).InvokeAsync);
                routes.Add(route);
            }
        }
    }

    private static MethodInfo Implementation(string name, params Type[] parameters) =>
        typeof(TService).GetMethod(name, parameters) ?? throw new InvalidOperationException($"{typeof(TService)} does not implement {name}.");

    private void RefuseRules(string name)
    {
        if (HttpRuleBinding.Of(descriptor.FindMethodByName(name)).Count > 0)
        {
            throw new InvalidOperationException(
                $"{descriptor.FullName}.{name} takes a stream of requests and so must not have a google.api.http rule.");
        }
    }
}
