using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace UCaptcha.Transcoding.Rendering;

// The HTTP status of each gRPC code as google/rpc/code.proto has it, and of what HTTP itself has a status for.
internal static class HttpStatusMap
{
    public static int For(TranscodingError error) => error.Cause switch
    {
        TranscodingErrorCause.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        TranscodingErrorCause.PathNotFound => StatusCodes.Status404NotFound,
        TranscodingErrorCause.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        _ => For(error.StatusCode),
    };

    private static int For(StatusCode code) => code switch
    {
        StatusCode.OK => StatusCodes.Status200OK,
        StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
