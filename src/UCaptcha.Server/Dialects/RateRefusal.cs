using System.Text.Json;
using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Server.Errors;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Dialects;

/// <summary>Tells a caller in its dialect that it asks too often.</summary>
internal sealed class RateRefusal(DialectSelector dialects)
{
    /// <summary>Writes status and body; the headers about the limit are there already.</summary>
    public async Task WriteAsync(HttpContext http, RateDecision decision)
    {
        var profile = dialects.SelectUnread(http);
        var error = new TranscodingError
        {
            Cause = TranscodingErrorCause.Status,
            Method = SubmissionPaths.MethodAt(http.Request.Path),
            StatusCode = StatusCode.ResourceExhausted,
            Detail = $"Too many requests from this address; try again in {decision.RetryAfterSeconds} s.",
            Domain = ErrorTable.Domain,
            Reason = ErrorCodes.RateLimit,
        };
        http.Response.StatusCode = profile.GetErrorStatusCode(error);
        http.Response.ContentType = profile.ContentType;
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        profile.WriteError(error, writer);
    }
}
