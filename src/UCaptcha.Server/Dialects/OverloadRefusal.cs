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
using UCaptcha.V1;

namespace UCaptcha.Server.Dialects;

/// <summary>Refuses new tasks before their bodies are read while the server has more to do than it can, so that refusing costs next to nothing.</summary>
internal sealed class OverloadRefusal(TaskEngine engine, DialectSelector dialects)
{
    private const string Message = "The server has more to do than it can; try again soon.";

    /// <summary>The methods that take new tasks, and how their paths end in JSON and in gRPC. Others refuse in the engine.</summary>
    private static readonly (string PathEnd, MethodDescriptor Method)[] Submissions =
    [
        ("/createTask", CaptchaService.Descriptor.FindMethodByName(nameof(CaptchaService.CaptchaServiceBase.CreateTask))),
        ("/solveTask", CaptchaService.Descriptor.FindMethodByName(nameof(CaptchaService.CaptchaServiceBase.SolveTask))),
    ];

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) =>
        SubmissionAt(http.Request.Path) is { } method && engine.RefusesTasks() ? RefuseAsync(http, method) : next(http);

    private static MethodDescriptor? SubmissionAt(PathString path)
    {
        foreach (var (end, method) in Submissions)
        {
            if (path.Value is { } text && text.EndsWith(end, StringComparison.OrdinalIgnoreCase))
                return method;
        }

        return null;
    }

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
