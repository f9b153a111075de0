using System.Text.Json;
using UCaptcha.Server.Errors;
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
        _ => ErrorTable.HttpStatus(NativeErrors.CodeOf(error)),
    };

    public override void WriteError(TranscodingError error, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("errorId", 1);
        writer.WriteString("errorCode", NativeErrors.CodeOf(error));
        writer.WriteString("errorDescription", error.Detail);
        writer.WriteEndObject();
    }
}
