using Google.Protobuf.Reflection;
using Grpc.Core;
using UCaptcha.Transcoding.Codec;

namespace UCaptcha.Transcoding.Rendering;

/// <summary>A call that ended otherwise than with a message, as a <see cref="RenderingProfile"/> gets it. Nothing in it is secret.</summary>
public sealed record TranscodingError
{
    /// <summary>Where the error comes from.</summary>
    public required TranscodingErrorCause Cause { get; init; }

    /// <summary>The gRPC status code, never OK.</summary>
    public required StatusCode StatusCode { get; init; }

    /// <summary>A sentence for the caller; may be empty.</summary>
    public required string Detail { get; init; }

    /// <summary>The method that was called; null for an unknown path.</summary>
    public MethodDescriptor? Method { get; init; }

    /// <summary>The reason of the google.rpc.ErrorInfo that the status carries, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The domain of the google.rpc.ErrorInfo that the status carries, or null.</summary>
    public string? Domain { get; init; }

    /// <summary>The metadata of the google.rpc.ErrorInfo that the status carries; empty without one.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>When to try again, from the google.rpc.RetryInfo that the status carries, or null.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>
    /// What is wrong with the request, for
    /// <see cref="TranscodingErrorCause.UnreadableRequest"/> and <see cref="TranscodingErrorCause.BodyTooLarge"/>.
    /// </summary>
    public JsonContractException? Contract { get; init; }

    /// <summary>The HTTP methods of the path, for <see cref="TranscodingErrorCause.MethodNotAllowed"/>; else empty.</summary>
    public IReadOnlyList<string> AllowedMethods { get; init; } = [];

    /// <summary>Under what the error is logged, for <see cref="TranscodingErrorCause.Unhandled"/>; else null.</summary>
    public string? TraceId { get; init; }
}
