using System.Text.Json;
using Google.Protobuf;
using UCaptcha.Transcoding.Codec.Messages;

namespace UCaptcha.Transcoding.Codec.Values;

// A google.protobuf wrapper as a message of its own: the bare value. Where a field holds one, C# sees the value and this codec is not used.
internal sealed class WrapperCodec<T>(FieldPlan value) : ValueCodec<T>, IMessageCodec where T : class, IMessage<T>, new()
{
    public override T Read(ref Utf8JsonReader reader, ReadContext context)
    {
        var message = new T();
        value.Read(ref reader, message, context);
        return message;
    }

    public override void Write(Utf8JsonWriter writer, T message) => value.WriteValue(writer, message);

    IMessage IMessageCodec.ReadMessage(ref Utf8JsonReader reader, ReadContext context) => Read(ref reader, context);

    void IMessageCodec.WriteMessage(Utf8JsonWriter writer, IMessage message) => Write(writer, (T)message);
}
