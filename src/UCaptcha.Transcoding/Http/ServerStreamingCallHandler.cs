using Google.Protobuf;
using Grpc.Core;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// A method with many responses. An error before the first is an ordinary error response, a later one is the last message of the stream.
internal sealed class ServerStreamingCallHandler<TRequest, TResponse>(
    CallServices services, TranscodingRoute route, string fullName, ServerStreamingServerMethod<TRequest, TResponse> method)
    : CallHandler(services, route, fullName)
    where TRequest : class where TResponse : class
{
    private readonly EventIdField? _eventId = EventIdField.Of(route.Method.OutputType, services.Options.Value.EventId);
    private readonly EventIdField? _lastEventId = EventIdField.Of(route.Method.InputType, services.Options.Value.EventId);

    protected override async Task<TranscodingError?> RunAsync(HttpTranscodingCallContext context, IMessage request)
    {
        _lastEventId?.TakeBack(context.HttpContext.Request, request);
        using var stream = new HttpStreamWriter<TResponse>(context, Method, Codec, _eventId);
        context.StartStream = stream.StartAsync;
        TranscodingError? error = null;
        try
        {
            await method((TRequest)request, stream, context);
            if (context.Status.StatusCode != StatusCode.OK)
                error = CallErrors.Of(context.Status, context.ResponseTrailers, Method);
        }
        catch (Exception exception) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            error = ErrorOf(exception, context);
        }

        stream.Complete();
        if (error is not null && !context.HttpContext.Response.HasStarted)
            return error;

        if (error is not null)
            await stream.WriteErrorAsync(error);
        else
            await stream.StartAsync();
        return null;
    }
}
