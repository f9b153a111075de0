using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace UCaptcha.Transcoding.Codec;

public sealed partial class ProtoJsonCodec
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };

    [ThreadStatic]
    private static Utf8JsonWriter? _spareWriter;

    /// <summary>Writes a message as JSON in UTF-8.</summary>
    /// <exception cref="JsonContractException">The message holds what has no JSON form.</exception>
    public void Write(IMessage message, IBufferWriter<byte> output) =>
        Write(output, (Codec: this, message), static (state, writer) => state.Codec.Write(state.message, writer));

    /// <summary>Writes a message as a JSON value.</summary>
    /// <exception cref="JsonContractException">The message holds what has no JSON form.</exception>
    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(writer);
        CodecOf(message.Descriptor).WriteMessage(writer, message);
    }

    /// <summary>Writes the members of a message, without the braces, for callers that add members or write some otherwise.</summary>
    /// <param name="message">A message whose JSON is an object of its fields.</param>
    /// <param name="writer">Inside an object.</param>
    /// <param name="member">Asked for every field but the open one, in the order of declaration; null to write all as usual.</param>
    /// <exception cref="ArgumentException">The message is of a well-known type with a JSON form of its own.</exception>
    /// <exception cref="JsonContractException">The message holds what has no JSON form.</exception>
    public void WriteMembers(IMessage message, Utf8JsonWriter writer, JsonMemberWriter? member = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(writer);
        var table = TableOf(message.Descriptor)
            ?? throw new ArgumentException($"{message.Descriptor.FullName} has no members in JSON.", nameof(message));
        table.WriteMembers(writer, message, member);
    }

    /// <summary>Writes the value of a field without its name, set or not; a field of a message type that is not set is null.</summary>
    /// <exception cref="JsonContractException">The field holds what has no JSON form.</exception>
    public void WriteFieldValue(IMessage message, FieldDescriptor field, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(writer);
        PlanOf(field).WriteValue(writer, message);
    }

    /// <summary>The JSON of a message in UTF-8, for uses outside HTTP.</summary>
    /// <exception cref="JsonContractException">The message holds what has no JSON form.</exception>
    public byte[] ToUtf8Bytes(IMessage message)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(message, output);
        return output.WrittenSpan.ToArray();
    }

    // Lends a writer, and flushes it.
    internal static void Write<TState>(IBufferWriter<byte> output, TState state, Action<TState, Utf8JsonWriter> write)
    {
        var writer = _spareWriter ?? new Utf8JsonWriter(output, WriterOptions);
        _spareWriter = null;
        writer.Reset(output);
        write(state, writer);
        writer.Flush();
        writer.Reset(Nowhere.Instance);
        _spareWriter = writer;
    }

    // What a spare writer holds on to in place of the last output.
    private sealed class Nowhere : IBufferWriter<byte>
    {
        public static readonly Nowhere Instance = new();

        public void Advance(int count) => throw new NotSupportedException();

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

        public Span<byte> GetSpan(int sizeHint = 0) => throw new NotSupportedException();
    }
}
