using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Transcoding.Codec.Values;

// google.protobuf.NullValue, the only scalar whose JSON is null.
internal sealed class NullValueCodec : ValueCodec<NullValue>
{
    public override bool ReadsNull => true;

    public override NullValue Read(ref Utf8JsonReader reader, ReadContext context) => reader.TokenType switch
    {
        JsonTokenType.Null => NullValue.NullValue,
        JsonTokenType.Number when reader.ValueSpan.SequenceEqual("0"u8) => NullValue.NullValue,
        JsonTokenType.String when reader.ValueTextEquals("NULL_VALUE"u8) => NullValue.NullValue,
        _ => throw context.WrongType("null"),
    };

    public override void Write(Utf8JsonWriter writer, NullValue value) => writer.WriteNullValue();
}
