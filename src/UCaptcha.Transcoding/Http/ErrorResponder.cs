using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// Answers a request with an error in the form of its profile.
internal sealed partial class ErrorResponder(ILogger<ErrorResponder> logger)
{
    // Logs an exception that nobody caught and says under what.
    public string Log(HttpContext context, Exception exception)
    {
        var traceId = CallErrors.TraceIdOf(context);
        LogUnhandled(exception, context.Request.Path.Value ?? "", traceId);
        return traceId;
    }

    public async Task RespondAsync(HttpContext context, RenderingProfile profile, TranscodingError error)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        using var body = new PooledBuffer();
        try
        {
            ProtoJsonCodec.Write(body, (profile, error), static (state, writer) => state.profile.WriteError(state.error, writer));
            response.StatusCode = profile.GetErrorStatusCode(error);
            profile.AddErrorHeaders(error, response.Headers);
        }
        catch (Exception exception)
        {
            var unhandled = CallErrors.Unhandled(Log(context, exception), error.Method);
            body.Clear();
            response.StatusCode = StatusCodes.Status500InternalServerError;
            ProtoJsonCodec.Write(
                body, (response, unhandled), static (state, writer) => StatusBody.Write(state.unhandled, state.response.StatusCode, writer));
        }

        response.ContentType = profile.ContentType;
        response.ContentLength = body.Written.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body.Written, CancellationToken.None);
    }

    [LoggerMessage(EventId = 401, Level = LogLevel.Error, Message = "An exception that nobody caught ended the call to {Path}. Trace id {TraceId}.")]
    private partial void LogUnhandled(Exception exception, string path, string traceId);
}
