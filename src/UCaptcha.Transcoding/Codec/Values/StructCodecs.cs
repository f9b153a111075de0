using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec.WellKnown;

namespace UCaptcha.Transcoding.Codec.Values;

// google.protobuf.Struct: any object.
internal sealed class StructCodec : ValueCodec<Struct>, IMessageCodec
{
    public override bool HasText => false;

    public override Struct Read(ref Utf8JsonReader reader, ReadContext context) => StructJson.ReadStruct(ref reader, context);

    public override void Write(Utf8JsonWriter writer, Struct value) => StructJson.Write(writer, value);

    IMessage IMessageCodec.ReadMessage(ref Utf8JsonReader reader, ReadContext context) => Read(ref reader, context);

    void IMessageCodec.WriteMessage(Utf8JsonWriter writer, IMessage message) => Write(writer, (Struct)message);
}

// google.protobuf.ListValue: any list.
internal sealed class ListValueCodec : ValueCodec<ListValue>, IMessageCodec
{
    public override bool HasText => false;

    public override ListValue Read(ref Utf8JsonReader reader, ReadContext context) => StructJson.ReadList(ref reader, context);

    public override void Write(Utf8JsonWriter writer, ListValue value) => StructJson.Write(writer, value);

    IMessage IMessageCodec.ReadMessage(ref Utf8JsonReader reader, ReadContext context) => Read(ref reader, context);

    void IMessageCodec.WriteMessage(Utf8JsonWriter writer, IMessage message) => Write(writer, (ListValue)message);
}

// google.protobuf.Value: any JSON, null included.
internal sealed class ValueValueCodec : ValueCodec<Value>, IMessageCodec
{
    public override bool ReadsNull => true;

    public override bool HasText => false;

    public override Value Read(ref Utf8JsonReader reader, ReadContext context) => StructJson.ReadValue(ref reader, context);

    public override void Write(Utf8JsonWriter writer, Value value) => StructJson.Write(writer, value);

    IMessage IMessageCodec.ReadMessage(ref Utf8JsonReader reader, ReadContext context) => Read(ref reader, context);

    void IMessageCodec.WriteMessage(Utf8JsonWriter writer, IMessage message) => Write(writer, (Value)message);
}
