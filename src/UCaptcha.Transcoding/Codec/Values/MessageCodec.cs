using System.Text.Json;
using Google.Protobuf;
using UCaptcha.Transcoding.Codec.Messages;

namespace UCaptcha.Transcoding.Codec.Values;

// An ordinary message: an object with a member for each field. The table is made on first use, since messages may hold themselves.
internal sealed class MessageCodec<T>(Func<MessageTable> makeTable) : ValueCodec<T>, IMessageCodec where T : class, IMessage<T>, new()
{
    private MessageTable? _table;

    public override bool HasText => false;

    public MessageTable Table => _table ??= makeTable();

    public override T Read(ref Utf8JsonReader reader, ReadContext context)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw context.WrongType("an object");

        var message = new T();
        Table.Read(ref reader, message, context);
        return message;
    }

    public override void Write(Utf8JsonWriter writer, T value)
    {
        writer.WriteStartObject();
        Table.WriteMembers(writer, value, null);
        writer.WriteEndObject();
    }

    IMessage IMessageCodec.ReadMessage(ref Utf8JsonReader reader, ReadContext context) => Read(ref reader, context);

    void IMessageCodec.WriteMessage(Utf8JsonWriter writer, IMessage message) => Write(writer, (T)message);
}
