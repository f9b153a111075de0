namespace UCaptcha.Transcoding.Codec;

/// <summary>What is wrong with a JSON text or with a message that has no JSON form. The names are stable.</summary>
public enum JsonContractErrorKind
{
    /// <summary>There is no text at all.</summary>
    Empty,

    /// <summary>The text is not JSON (RFC 8259): bad syntax, cut short, comments, data behind the end.</summary>
    Malformed,

    /// <summary>The text is not UTF-8, or an escape in it names half of a surrogate pair.</summary>
    InvalidUtf8,

    /// <summary>Objects and arrays are nested deeper than <see cref="ProtoJsonOptions.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>The text is longer than <see cref="ProtoJsonOptions.MaxSize"/>.</summary>
    TooLarge,

    /// <summary>A member occurs twice in its object, or two members of one oneof are set.</summary>
    Duplicate,

    /// <summary>A value has another JSON type than its field takes.</summary>
    WrongType,

    /// <summary>A number does not fit its field.</summary>
    OutOfRange,

    /// <summary>A string has not the form that its field takes: a number, an enum value, base64, a time.</summary>
    InvalidFormat,

    /// <summary>A member or a query parameter is none that the message takes, and such are not passed over here.</summary>
    Unknown,

    /// <summary>A member says something else than the path, and the path does not simply prevail here.</summary>
    Contradiction,

    /// <summary>A field has no JSON form here: google.protobuf.Any, or a value that JSON cannot hold.</summary>
    Unsupported,
}
