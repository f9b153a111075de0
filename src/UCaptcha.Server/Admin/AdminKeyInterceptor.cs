using Grpc.Core;
using Grpc.Core.Interceptors;

namespace UCaptcha.Server.Admin;

/// <summary>Asks for the admin key before anything else.</summary>
internal sealed class AdminKeyInterceptor(AdminKeyCheck keys) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        keys.Check(context.GetHttpContext());
        return continuation(request, context);
    }
}
