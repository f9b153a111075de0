using Google.Protobuf;

namespace UCaptcha.Transcoding.Codec;

/// <summary>The only exception of <see cref="ProtoJsonCodec"/> for what a caller sent. Its message names the field and never holds a value.</summary>
public sealed class JsonContractException : Exception
{
    private const int ListedNames = 24;

    /// <summary>An error at a field.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="path">The field, as <c>task.websiteURL</c> or <c>task.images[2]</c>; empty for the whole text.</param>
    /// <param name="message">A sentence that may be shown to the caller.</param>
    public JsonContractException(JsonContractErrorKind kind, string path, string message) : base(message)
    {
        Kind = kind;
        Path = path;
    }

    /// <summary>What is wrong.</summary>
    public JsonContractErrorKind Kind { get; }

    /// <summary>The field, as <c>task.websiteURL</c> or <c>task.images[2]</c>; empty for the whole text.</summary>
    public string Path { get; }

    // Whether the text is readable as JSON, and only a value does not fit its field or has none.
    internal bool IsOfOneField => Kind
        is JsonContractErrorKind.WrongType
        or JsonContractErrorKind.OutOfRange
        or JsonContractErrorKind.InvalidFormat
        or JsonContractErrorKind.Unknown
        or JsonContractErrorKind.Contradiction
        or JsonContractErrorKind.Unsupported;

    // A name that nothing has, beside those that are taken.
    internal static JsonContractException IsUnknown(string path, string place, IEnumerable<string> known)
    {
        var listed = string.Join(", ", known.Take(ListedNames));
        var rest = listed.Length == 0 ? "nothing is taken there" : $"known there are: {listed}";
        return new JsonContractException(JsonContractErrorKind.Unknown, path, $"'{path}' is not known{place}; {rest}.");
    }

    // A member beside a path that sets the same field.
    internal static JsonContractException Contradicts(string path) =>
        new(JsonContractErrorKind.Contradiction, path, $"{path} in the body is not the one in the path.");

    // When writing.
    internal static JsonContractException HasNoJson(IMessage message) =>
        new(JsonContractErrorKind.Unsupported, "", $"A {message.Descriptor.FullName} holds what has no JSON form here.");
}
