using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using UCaptcha.Transcoding.Binding;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// Serves one route: makes the request message, chooses the profile, runs the call and answers, also when any of these fails.
internal abstract class CallHandler(CallServices services, TranscodingRoute route, string fullName)
{
    private readonly RequestBinder _binder = new(
        services.Codec, route.Method, route.Rule, route.Template, services.Options.Value.RefusesUnknownNames(route.Method));

    protected ProtoJsonCodec Codec => services.Codec;

    protected MethodDescriptor Method => route.Method;

    public async Task InvokeAsync(HttpContext http)
    {
        TranscodingError? error = null;
        BoundRequest? bound = null;
        var profile = services.Options.Value.DefaultProfile;
        try
        {
            try
            {
                bound = await BindAsync(http);
            }
            catch (JsonContractException exception)
            {
                error = CallErrors.Of(exception, Method);
            }
            catch (RpcException exception)
            {
                error = CallErrors.Of(exception.Status, exception.Trailers, Method);
            }

            profile = await services.Profiles.SelectAsync(http, route.Prefix, bound?.Message);
            var feature = new TranscodingFeature(profile, route.Prefix, Method, bound?.Message, bound?.Misfit);
            http.Features.Set(feature);
            if (bound is { } request)
                error = await CallAsync(http, feature, request.Message);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            error = CallErrors.Unhandled(services.Errors.Log(http, exception), Method);
        }

        if (error is not null)
            await services.Errors.RespondAsync(http, profile, error);
    }

    // Runs the call. Returns the error with which it ended before anything was sent, or null.
    protected abstract Task<TranscodingError?> RunAsync(HttpTranscodingCallContext context, IMessage request);

    // What an exception of a handler means to the client.
    protected TranscodingError ErrorOf(Exception exception, HttpTranscodingCallContext context)
    {
        switch (exception)
        {
            case RpcException refusal when refusal == context.Refusal:
                return CallErrors.Of(context.Feature.Misfit!, Method);

            case RpcException rpc:
                foreach (var entry in rpc.Trailers)
                    context.ResponseTrailers.Add(entry);
                return CallErrors.Of(rpc.Status, context.ResponseTrailers, Method);

            case OperationCanceledException or IOException when context.IsPastDeadline:
                return CallErrors.PastDeadline(Method);

            default:
                return CallErrors.Unhandled(services.Errors.Log(context.HttpContext, exception), Method);
        }
    }

    private async Task<TranscodingError?> CallAsync(HttpContext http, TranscodingFeature feature, IMessage request)
    {
        using var context = new HttpTranscodingCallContext(http, fullName, feature, services.Time);
        var error = await RunAsync(context, request);
        if (error is not null && !http.Response.HasStarted)
            MetadataHeaders.Write(context.ResponseTrailers, http.Response.Headers);

        return error;
    }

    private ValueTask<BoundRequest> BindAsync(HttpContext http)
    {
        if (!_binder.Reads(http.Request))
            return new ValueTask<BoundRequest>(_binder.Bind(http.Request, []));

        var state = (Binder: _binder, http.Request);
        return BodyReader.ReadAsync(
            http.Request, Codec.MaxSize, services.Options.Value.BodyRoom, state, static (state, body) => state.Binder.Bind(state.Request, body), http.RequestAborted);
    }
}
