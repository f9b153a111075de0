using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Net.Http.Headers;
using UCaptcha.Core;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Errors;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Dialects;

/// <summary>Refuses new tasks before their bodies are read while the server has more to do than it can, so that refusing costs next to nothing.</summary>
internal sealed class OverloadRefusal(TaskEngine engine, DialectSelector dialects)
{
    private const string Message = "The server has more to do than it can; try again soon.";

    /// <summary>How the paths of the methods end that take new tasks, in JSON and in gRPC. Others refuse in the engine.</summary>
    private static readonly string[] Submissions = ["/createTask", "/solveTask"];

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) =>
        IsSubmission(http.Request.Path) && engine.RefusesTasks() ? RefuseAsync(http) : next(http);

    private static bool IsSubmission(PathString path)
    {
        foreach (var method in Submissions)
        {
            if (path.Value is { } text && text.EndsWith(method, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private async Task RefuseAsync(HttpContext http)
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
