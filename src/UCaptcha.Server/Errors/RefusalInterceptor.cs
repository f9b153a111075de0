using Grpc.Core;
using Grpc.Core.Interceptors;

namespace UCaptcha.Server.Errors;

/// <summary>Turns what the domain throws into statuses, over gRPC and its JSON alike.</summary>
internal sealed class RefusalInterceptor(RefusalReading refusals) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (Translate(exception, context) is { } refusal)
        {
            throw refusal;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (Translate(exception, context) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>The status for an exception, or null when it passes as it is.</summary>
    private RpcException? Translate(Exception exception, ServerCallContext context) =>
        refusals.Read(exception, context.Method, context.CancellationToken) is { } refused
            ? Refusals.Make(refused.Code, refused.Message, refused.Field, refused.RetryAfter)
            : null;
}
