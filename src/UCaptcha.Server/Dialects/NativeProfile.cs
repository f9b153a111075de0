using System.Text.Json;
using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Server.Errors;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Dialects;

/// <summary>The native dialect: uCaptcha's documented REST.</summary>
internal sealed class NativeProfile() : RenderingProfile(DialectNames.UCaptcha)
{
    public static NativeProfile Instance { get; } = new();

    public override int GetErrorStatusCode(TranscodingError error) => error.Cause switch
    {
        TranscodingErrorCause.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        TranscodingErrorCause.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        _ => ErrorTable.HttpStatus(CodeOf(error)),
    };

    public override void WriteError(TranscodingError error, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("errorId", 1);
        writer.WriteString("errorCode", CodeOf(error));
        writer.WriteString("errorDescription", error.Detail);
        writer.WriteEndObject();
    }

    /// <summary>Writes the body of a refusal by rate; status and headers are there already.</summary>
    public async Task RefuseRateAsync(HttpContext http, RateDecision decision)
    {
        http.Response.ContentType = ContentType;
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        WriteError(
            new TranscodingError
            {
                Cause = TranscodingErrorCause.Status,
                StatusCode = StatusCode.ResourceExhausted,
                Detail = $"Too many requests from this address; try again in {decision.RetryAfterSeconds} s.",
                Domain = ErrorTable.Domain,
                Reason = ErrorCodes.RateLimit,
            },
            writer);
    }

    /// <summary>The documented code of an error.</summary>
    private static string CodeOf(TranscodingError error) => error.Cause switch
    {
        TranscodingErrorCause.PathNotFound or TranscodingErrorCause.MethodNotAllowed => ErrorCodes.NoSuchMethod,
        TranscodingErrorCause.UnreadableRequest or TranscodingErrorCause.BodyTooLarge => ErrorCodes.BadParameters,
        TranscodingErrorCause.Status when error is { Domain: ErrorTable.Domain, Reason: { } reason } => reason,
        _ => ErrorCodes.Internal,
    };
}
