using Grpc.Core;
using UCaptcha.Core;

namespace UCaptcha.Server.Errors;

/// <summary>Every documented code with its gRPC status and its HTTP status on the native surface.</summary>
internal static class ErrorTable
{
    /// <summary>The domain of every ErrorInfo of ours.</summary>
    public const string Domain = "ucaptcha";

    private static readonly Dictionary<string, (StatusCode Grpc, int Http)> Rows = new(StringComparer.Ordinal)
    {
        [ErrorCodes.KeyDoesNotExist] = (StatusCode.Unauthenticated, 401),
        [ErrorCodes.IpNotAllowed] = (StatusCode.PermissionDenied, 403),
        [ErrorCodes.DomainNotAllowed] = (StatusCode.PermissionDenied, 403),
        [ErrorCodes.BadParameters] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.PageUrl] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.SiteKey] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.BadProxy] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.ProxyFormat] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.TaskNotSupported] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.ZeroCaptchaFilesize] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.TooBigCaptchaFilesize] = (StatusCode.InvalidArgument, 400),
        [ErrorCodes.ZeroBalance] = (StatusCode.ResourceExhausted, 402),
        [ErrorCodes.WrongCaptchaId] = (StatusCode.NotFound, 404),
        [ErrorCodes.DuplicateRequest] = (StatusCode.AlreadyExists, 409),
        [ErrorCodes.RateLimit] = (StatusCode.ResourceExhausted, 429),
        [ErrorCodes.NoProvidersAvailable] = (StatusCode.Unavailable, 503),
        [ErrorCodes.ServiceNotAvailable] = (StatusCode.Unavailable, 503),
        [ErrorCodes.NoSuchMethod] = (StatusCode.Unimplemented, 404),
        [ErrorCodes.NotFound] = (StatusCode.NotFound, 404),
        [ErrorCodes.AlreadyExists] = (StatusCode.AlreadyExists, 409),
        [ErrorCodes.NotPossible] = (StatusCode.FailedPrecondition, 400),
        [ErrorCodes.Internal] = (StatusCode.Internal, 500),
    };

    /// <summary>Every code that a call can be refused with.</summary>
    public static IReadOnlyCollection<string> Codes => Rows.Keys;

    /// <summary>The gRPC status of a code.</summary>
    public static StatusCode GrpcStatus(string code) => Rows.TryGetValue(code, out var row) ? row.Grpc : StatusCode.Internal;

    /// <summary>The native HTTP status of a code.</summary>
    public static int HttpStatus(string code) => Rows.TryGetValue(code, out var row) ? row.Http : 500;
}
