using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace UCaptcha.Transcoding.Codec.Messages;

// How one field of a message is read and written.
internal abstract class FieldPlan(FieldDescriptor descriptor)
{
    public FieldDescriptor Descriptor => descriptor;

    public string Name { get; } = descriptor.JsonName;

    // Its place among the members that may occur once, see MessageTable.
    public int Index { get; set; }

    // The place of its oneof among the same, or -1.
    public int OneofIndex { get; set; } = -1;

    protected JsonEncodedText EncodedName { get; } = JsonEncodedText.Encode(descriptor.JsonName, ProtoJsonCodec.Encoder);

    // Whether a JSON null is a value and not absence.
    public abstract bool ReadsNull { get; }

    // Whether a query or a path can set it.
    public abstract bool HasText { get; }

    // The message whose fields a query reaches through this one, or null.
    public virtual MessageDescriptor? Nested => null;

    public abstract void Read(ref Utf8JsonReader reader, IMessage message, ReadContext context);

    // Sets a singular field from text, or adds to a repeated one.
    public abstract void ReadText(ReadOnlySpan<byte> text, IMessage message, ReadContext context);

    public abstract bool IsWritten(IMessage message);

    public abstract void WriteValue(Utf8JsonWriter writer, IMessage message);

    public void Write(Utf8JsonWriter writer, IMessage message)
    {
        if (!IsWritten(message))
            return;

        writer.WritePropertyName(EncodedName);
        WriteValue(writer, message);
    }
}
