using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Server.Errors;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Dialects;

/// <summary>Which documented code an error of the JSON surface has, and whose fault it is.</summary>
internal static class NativeErrors
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public static string CodeOf(TranscodingError error) => error.Cause switch
    {
        TranscodingErrorCause.PathNotFound or TranscodingErrorCause.MethodNotAllowed => ErrorCodes.NoSuchMethod,
        TranscodingErrorCause.UnreadableRequest or TranscodingErrorCause.BodyTooLarge => ErrorCodes.BadParameters,
        TranscodingErrorCause.Status when error is { Domain: ErrorTable.Domain, Reason: { } reason } => reason,
        // The caller waits no longer, and may come again.
        TranscodingErrorCause.Status when error.StatusCode == StatusCode.DeadlineExceeded => ErrorCodes.ServiceNotAvailable,
        _ => ErrorCodes.Internal,
    };

    /// <summary>The JSON name of the field at fault, empty for the request as a whole, or null when no field is.</summary>
    public static string? FieldOf(TranscodingError error) =>
        error.Contract is { } contract ? contract.Path : error.Metadata.GetValueOrDefault("field");
}
