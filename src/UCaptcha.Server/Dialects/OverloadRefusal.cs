using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.Net.Http.Headers;
using UCaptcha.Core;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Errors;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Dialects;

/// <summary>
/// Refuses new tasks before their bodies are read while the server has more to do than it can, so that refusing costs little. The older APIs
/// refuse in the engine.
/// </summary>
internal sealed class OverloadRefusal(TaskEngine engine, DialectSelector dialects)
{
    private const string Message = "The server has more to do than it can; try again soon.";

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) =>
        SubmissionPaths.MethodAt(http.Request.Path) is { } method && engine.RefusesTasks() ? RefuseAsync(http, method) : next(http);

    private async Task RefuseAsync(HttpContext http, MethodDescriptor method)
    {
        if (GrpcRefusal.IsGrpc(http.Request))
        {
            await GrpcRefusal.WriteAsync(http, StatusCode.Unavailable, ErrorCodes.ServiceNotAvailable, Message, EngineRefusals.RetryAfter);
            return;
        }

        var profile = dialects.SelectUnread(http);
        var error = new TranscodingError
        {
            Cause = TranscodingErrorCause.Status,
            Method = method,
            StatusCode = StatusCode.Unavailable,
            Detail = Message,
            Domain = ErrorTable.Domain,
            Reason = ErrorCodes.ServiceNotAvailable,
        };
        http.Response.StatusCode = profile.GetErrorStatusCode(error);
        http.Response.ContentType = profile.ContentType;
        http.Response.Headers[HeaderNames.RetryAfter] = EngineRefusals.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        profile.WriteError(error, writer);
    }
}
