using System.Diagnostics;
using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Errors;

/// <summary>Reads what ended a call as a refusal, on every surface alike. What nobody expected becomes a trace id and nothing else.</summary>
internal sealed partial class RefusalReading(StoreWatch store, ILogger<RefusalReading> logger)
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);

    /// <summary>The refusal for an exception, or null when it passes as it is: a status already, or a caller who is gone.</summary>
    /// <param name="exception">What ended the call.</param>
    /// <param name="method">The name of the method or the route, for the log.</param>
    /// <param name="caller">Cancelled when the caller is gone.</param>
    public RefusedException? Read(Exception exception, string method, CancellationToken caller)
    {
        switch (exception)
        {
            case RefusedException refused:
                return refused;
            case StoreUnavailableException unavailable:
                store.Suspect(method, unavailable);
                return new RefusedException(ErrorCodes.ServiceNotAvailable, "The store does not answer now; try again soon.", retryAfter: StoreRetry);
            case RpcException:
                return null;
            case OperationCanceledException or IOException when caller.IsCancellationRequested:
                return null;
            default:
                var traceId = Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();
                LogUnexpected(logger, method, traceId, exception);
                return new RefusedException(ErrorCodes.Internal, $"Internal error, trace id {traceId}.");
        }
    }

    [LoggerMessage(EventId = 201, Level = LogLevel.Error, Message = "{Method} ended by an unexpected exception, trace id {TraceId}.")]
    private static partial void LogUnexpected(ILogger logger, string method, string traceId, Exception exception);
}
