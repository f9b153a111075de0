namespace UCaptcha.Transcoding.Rendering;

/// <summary>Where a <see cref="TranscodingError"/> comes from.</summary>
public enum TranscodingErrorCause
{
    /// <summary>The handler or an interceptor ended the call with a status.</summary>
    Status,

    /// <summary>The body, the path or the query is not what the method takes; <see cref="TranscodingError.Contract"/> says why.</summary>
    UnreadableRequest,

    /// <summary>The body is longer than <see cref="Codec.ProtoJsonOptions.MaxSize"/>.</summary>
    BodyTooLarge,

    /// <summary>No method has this path.</summary>
    PathNotFound,

    /// <summary>The path exists with other HTTP methods, see <see cref="TranscodingError.AllowedMethods"/>.</summary>
    MethodNotAllowed,

    /// <summary>Our own fault: an exception that nobody caught. It is logged under <see cref="TranscodingError.TraceId"/>.</summary>
    Unhandled,
}
