using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using UCaptcha.Core;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Metrics;

/// <summary>Counts and times the calls of every service, on every surface alike.</summary>
internal sealed class CallMeter(TimeProvider clock) : Interceptor
{
    private static readonly Counter<long> Calls =
        Metering.Meter.CreateCounter<long>("ucaptcha.requests", description: "Calls, by method, surface and gRPC status.");

    private static readonly Histogram<double> Time = Metering.Meter.CreateHistogram(
        "ucaptcha.request.duration", "s", "How long calls with one answer take.", tags: null, Metering.Quick);

    private static readonly UpDownCounter<long> Streams =
        Metering.Meter.CreateUpDownCounter<long>("ucaptcha.streams.open", description: "Streams open now, by method.");

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var begun = clock.GetTimestamp();
        var code = StatusCode.Unknown;
        try
        {
            var answer = await continuation(request, context);
            code = StatusCode.OK;
            return answer;
        }
        catch (Exception exception)
        {
            code = CodeOf(exception);
            throw;
        }
        finally
        {
            Count(context, code);
            Time.Record(clock.GetElapsedTime(begun).TotalSeconds, Method(context), Surface(context));
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var code = StatusCode.Unknown;
        Streams.Add(1, Method(context));
        try
        {
            await continuation(request, responseStream, context);
            code = StatusCode.OK;
        }
        catch (Exception exception)
        {
            code = CodeOf(exception);
            throw;
        }
        finally
        {
            Streams.Add(-1, Method(context));
            Count(context, code);
        }
    }

    private static void Count(ServerCallContext context, StatusCode code) =>
        Calls.Add(1, Method(context), Surface(context), new("code", code.ToString()));

    private static StatusCode CodeOf(Exception exception) => exception switch
    {
        RpcException refused => refused.StatusCode,
        OperationCanceledException => StatusCode.Cancelled,
        _ => StatusCode.Unknown,
    };

    private static KeyValuePair<string, object?> Method(ServerCallContext context) => new("method", context.Method[(context.Method.LastIndexOf('/') + 1)..]);

    private static KeyValuePair<string, object?> Surface(ServerCallContext context) =>
        new("surface", TranscodingFeature.Of(context.GetHttpContext()) is null ? "grpc" : "json");
}
