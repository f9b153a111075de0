using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// Turns what ended a call into the error that a profile renders.
internal static class CallErrors
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    public static TranscodingError Of(JsonContractException exception, MethodDescriptor method)
    {
        var isTooLarge = exception.Kind == JsonContractErrorKind.TooLarge;
        return new TranscodingError
        {
            Cause = isTooLarge ? TranscodingErrorCause.BodyTooLarge : TranscodingErrorCause.UnreadableRequest,
            StatusCode = isTooLarge ? StatusCode.ResourceExhausted : StatusCode.InvalidArgument,
            Detail = exception.Message,
            Contract = exception,
            Method = method,
        };
    }

    public static TranscodingError Of(Grpc.Core.Status status, Metadata trailers, MethodDescriptor method)
    {
        var details = Details(trailers);
        var info = Find<ErrorInfo>(details);

        // Field 1 of google.rpc.ErrorInfo is the reason; this version of its C# type still has the field's first name.
        var reason = info?.Type;
        return new TranscodingError
        {
            Cause = TranscodingErrorCause.Status,
            StatusCode = status.StatusCode == StatusCode.OK ? StatusCode.Unknown : status.StatusCode,
            Detail = status.Detail ?? "",
            Reason = reason,
            Domain = info?.Domain,
            Metadata = info is null ? new Dictionary<string, string>() : new Dictionary<string, string>(info.Metadata),
            RetryDelay = Find<RetryInfo>(details)?.RetryDelay?.ToTimeSpan(),
            Method = method,
        };
    }

    public static TranscodingError PastDeadline(MethodDescriptor method) => new()
    {
        Cause = TranscodingErrorCause.Status,
        StatusCode = StatusCode.DeadlineExceeded,
        Detail = "The deadline has passed.",
        Method = method,
    };

    public static TranscodingError Unhandled(string traceId, MethodDescriptor? method) => new()
    {
        Cause = TranscodingErrorCause.Unhandled,
        StatusCode = StatusCode.Internal,
        Detail = $"Internal error, trace id {traceId}.",
        TraceId = traceId,
        Method = method,
    };

    public static TranscodingError NotServed(IReadOnlyList<string> allowed) => new()
    {
        Cause = allowed.Count == 0 ? TranscodingErrorCause.PathNotFound : TranscodingErrorCause.MethodNotAllowed,
        StatusCode = StatusCode.Unimplemented,
        Detail = allowed.Count == 0 ? "There is no such method." : $"This method takes {string.Join(" or ", allowed)}.",
        AllowedMethods = allowed,
    };

    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    private static Google.Rpc.Status? Details(Metadata trailers)
    {
        try
        {
            return trailers.GetValueBytes(DetailsTrailer) is { } bytes ? Google.Rpc.Status.Parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static T? Find<T>(Google.Rpc.Status? status) where T : class, IMessage<T>, new()
    {
        foreach (var detail in status?.Details ?? [])
        {
            if (detail.TryUnpack<T>(out var found))
                return found;
        }

        return null;
    }
}
