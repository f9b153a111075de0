using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Net.Http.Headers;
using UCaptcha.Core;

namespace UCaptcha.Server.RateLimiting;

/// <summary>The refusal as gRPC has it: HTTP 200, no body, and the status in the headers ("Trailers-Only" in gRPC's HTTP/2 protocol).</summary>
internal static class GrpcRefusal
{
    private const string ContentType = "application/grpc";

    /// <summary>Whether the request is a gRPC call, by its content type.</summary>
    public static bool IsGrpc(HttpRequest request)
    {
        var type = request.ContentType;
        return type is not null
            && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
            && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';');
    }

    /// <summary>Answers RESOURCE_EXHAUSTED with ErrorInfo and RetryInfo.</summary>
    public static Task WriteAsync(HttpContext context, RateDecision decision) => WriteAsync(
        context, StatusCode.ResourceExhausted, ErrorCodes.RateLimit, "Too many requests from this address.", TimeSpan.FromSeconds(decision.RetryAfterSeconds));

    /// <summary>Answers a status with ErrorInfo and RetryInfo.</summary>
    public static Task WriteAsync(HttpContext context, StatusCode status, string code, string message, TimeSpan retryAfter)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = StatusCodes.Status200OK;
        headers[HeaderNames.ContentType] = ContentType;
        headers[HeaderNames.GrpcStatus] = ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers[HeaderNames.GrpcMessage] = message;
        headers["grpc-status-details-bin"] = Convert.ToBase64String(Details(status, code, message, retryAfter).ToByteArray()).TrimEnd('=');
        return Task.CompletedTask;
    }

    private static Google.Rpc.Status Details(StatusCode status, string code, string message, TimeSpan retryAfter) => new()
    {
        Code = (int)status,
        Message = message,
        Details =
        {
            // Field 1 is the reason; this version of the C# type still has the field's first name.
            Any.Pack(new ErrorInfo { Type = code, Domain = "ucaptcha" }),
            Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }),
        },
    };
}
