using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using UCaptcha.Core;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Errors;

/// <summary>Turns what the domain throws into statuses, on every surface alike. What nobody expected becomes a trace id and nothing else.</summary>
internal sealed partial class RefusalInterceptor(ILogger<RefusalInterceptor> logger) : Interceptor
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);

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
    private RpcException? Translate(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case RefusedException refused:
                return Refusals.Make(refused.Code, refused.Message, refused.Field, refused.RetryAfter);
            case StoreUnavailableException unavailable:
                LogStoreUnavailable(logger, context.Method, unavailable);
                return Refusals.Make(ErrorCodes.ServiceNotAvailable, "The store does not answer now; try again soon.", retryAfter: StoreRetry);
            case RpcException:
                return null;
            case OperationCanceledException or IOException when context.CancellationToken.IsCancellationRequested:
                return null;
            default:
                var traceId = Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();
                LogUnexpected(logger, context.Method, traceId, exception);
                return Refusals.Make(ErrorCodes.Internal, $"Internal error, trace id {traceId}.");
        }
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Warning, Message = "{Method} was refused: the store does not answer.")]
    private static partial void LogStoreUnavailable(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 201, Level = LogLevel.Error, Message = "{Method} ended by an unexpected exception, trace id {TraceId}.")]
    private static partial void LogUnexpected(ILogger logger, string method, string traceId, Exception exception);
}
