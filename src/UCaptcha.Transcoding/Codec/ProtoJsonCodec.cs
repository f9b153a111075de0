using System.Text.Encodings.Web;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec.Messages;
using UCaptcha.Transcoding.Codec.Values;

namespace UCaptcha.Transcoding.Codec;

/// <summary>
/// Reads and writes protobuf messages as JSON, by their descriptors. Safe for hostile input, for threads, and meant to live as long as the program.
/// </summary>
/// <remarks>
/// Reading: members are found by json_name or proto name; null is absence; numbers come as numbers or strings; members that no field claims go to the
/// open field of their message or are passed over. Writing: scalar fields without presence always, with presence (optional, oneof, message) when
/// set, repeated and map fields when not empty; integers of every size as numbers, numbers without exponent, enums by their documented string.
/// </remarks>
public sealed partial class ProtoJsonCodec
{
    private readonly ProtoJsonOptions _options;
    private readonly CodecFactory _factory;

    /// <summary>A codec with its own copy of the options, or with the defaults.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public ProtoJsonCodec(ProtoJsonOptions? options = null)
    {
        _options = (options ?? new ProtoJsonOptions()).Validated();
        _factory = new CodecFactory(_options);
    }

    /// <summary>The longest text that is read, in bytes.</summary>
    public int MaxSize => _options.MaxSize;

    // Letters as they are; little more is escaped than JSON itself requires.
    internal static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    internal MessageTable? TableOf(MessageDescriptor type) => _factory.ForMessage(type).Table;

    private IMessageCodec CodecOf(MessageDescriptor type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _factory.ForMessage(type);
    }
}
