using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Transcoding.Codec.Values;

// google.protobuf.Any would let a caller choose the type that is parsed, so it has no JSON form here.
internal sealed class AnyCodec : ValueCodec<Any>, IMessageCodec
{
    public override bool HasText => false;

    public override Any Read(ref Utf8JsonReader reader, ReadContext context) =>
        throw context.Error(JsonContractErrorKind.Unsupported, "is a google.protobuf.Any, which has no JSON form here");

    public override void Write(Utf8JsonWriter writer, Any value) =>
        throw JsonContractException.HasNoJson(value);

    IMessage IMessageCodec.ReadMessage(ref Utf8JsonReader reader, ReadContext context) => Read(ref reader, context);

    void IMessageCodec.WriteMessage(Utf8JsonWriter writer, IMessage message) => Write(writer, (Any)message);
}
