using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace UCaptcha.Transcoding.Codec;

/// <summary>Limits of a <see cref="ProtoJsonCodec"/> and the custom options by which a contract shapes its JSON.</summary>
public sealed class ProtoJsonOptions
{
    /// <summary>The default of <see cref="MaxDepth"/>.</summary>
    public const int DefaultMaxDepth = 30;

    /// <summary>The default of <see cref="MaxSize"/>: 1 MiB.</summary>
    public const int DefaultMaxSize = 1024 * 1024;

    /// <summary>The highest <see cref="MaxDepth"/>: protobuf itself cannot read back a Struct nested deeper than 33 objects.</summary>
    public const int HighestMaxDepth = 32;

    /// <summary>How many objects and arrays may lie in one another when reading, the outermost too: 1 to <see cref="HighestMaxDepth"/>.</summary>
    public int MaxDepth { get; set; } = DefaultMaxDepth;

    /// <summary>The longest text that is read, in bytes; at least 1.</summary>
    public int MaxSize { get; set; } = DefaultMaxSize;

    /// <summary>
    /// The field option that marks the open field of a message, a singular google.protobuf.Struct: it takes the members that no other field claims
    /// and is written flat beside them. In a message that has one, member names match without case.
    /// </summary>
    public Extension<FieldOptions, bool>? OpenField { get; set; }

    /// <summary>The field option of string fields, such as ids, that take a JSON integer too and keep its decimal text.</summary>
    public Extension<FieldOptions, bool>? AcceptsNumbers { get; set; }

    /// <summary>The field option of fields that JSON neither reads nor writes; a profile may still show what is in them.</summary>
    public Extension<FieldOptions, bool>? WithoutJson { get; set; }

    /// <summary>The enum value option that holds the string for a value in JSON; values without it are written by their proto name.</summary>
    public Extension<EnumValueOptions, string>? EnumText { get; set; }

    internal ProtoJsonOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDepth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDepth, HighestMaxDepth);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSize, 1);
        return (ProtoJsonOptions)MemberwiseClone();
    }
}
