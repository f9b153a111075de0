using System.Text.Json;
using Google.Protobuf;
using UCaptcha.Transcoding.Codec.Messages;

namespace UCaptcha.Transcoding.Codec.Values;

// Reads text into a message; null when it has not the right form.
internal delegate T? TextParser<T>(ReadOnlySpan<byte> text);

// A codec of a message type, for those who do not know the type.
internal interface IMessageCodec
{
    // The fields by name, or null for a well-known type with a JSON form of its own.
    MessageTable? Table => null;

    IMessage ReadMessage(ref Utf8JsonReader reader, ReadContext context);

    void WriteMessage(Utf8JsonWriter writer, IMessage message);
}
