using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using UCaptcha.Transcoding.Binding;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// A method with one response: sent in one go with its length.
internal sealed class UnaryCallHandler<TRequest, TResponse>(
    CallServices services, TranscodingRoute route, string fullName, UnaryServerMethod<TRequest, TResponse> method)
    : CallHandler(services, route, fullName)
    where TRequest : class where TResponse : class
{
    private readonly FieldDescriptor? _responseField =
        route.Rule.ResponseBody.Length == 0 ? null : RequestBinder.FieldOf(route.Method, route.Method.OutputType, route.Rule.ResponseBody);

    protected override async Task<TranscodingError?> RunAsync(HttpTranscodingCallContext context, IMessage request)
    {
        TResponse message;
        try
        {
            message = await method((TRequest)request, context)
                ?? throw new InvalidOperationException($"The handler of {Method.FullName} returned no message.");
        }
        catch (Exception exception) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return ErrorOf(exception, context);
        }

        if (context.Status.StatusCode != StatusCode.OK)
            return CallErrors.Of(context.Status, context.ResponseTrailers, Method);

        await RespondAsync(context, (IMessage)message);
        return null;
    }

    private async Task RespondAsync(HttpTranscodingCallContext context, IMessage message)
    {
        var response = context.HttpContext.Response;
        var profile = context.Feature.Profile;
        using var body = new PooledBuffer();
        ProtoJsonCodec.Write(body, (Handler: this, profile, message), static (state, writer) =>
        {
            if (state.Handler._responseField is { } field)
                state.Handler.Codec.WriteFieldValue(state.message, field, writer);
            else
                state.profile.WriteResponse(state.Handler.Method, state.message, state.Handler.Codec, writer);
        });

        response.StatusCode = profile.GetStatusCode(Method, message);
        MetadataHeaders.Write(context.ResponseTrailers, response.Headers);
        response.ContentType = profile.ContentType;
        response.ContentLength = body.Written.Length;
        await response.BodyWriter.WriteAsync(body.Written, context.HttpContext.RequestAborted);
    }
}
