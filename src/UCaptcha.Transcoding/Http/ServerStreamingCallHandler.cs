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
    protected override async Task<TranscodingError?> RunAsync(HttpTranscodingCallContext context, IMessage request)
    {
        using var stream = new HttpStreamWriter<TResponse>(context, Method, Codec);
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
