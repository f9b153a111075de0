using System.Reflection;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec.Values;

namespace UCaptcha.Transcoding.Codec.Messages;

// A map field: an object whose names are the keys, written when it is not empty.
internal sealed class MapFieldPlan<TMessage, TKey, TValue> : FieldPlan where TMessage : IMessage where TKey : notnull
{
    private readonly ValueCodec<TKey> _keys;
    private readonly ValueCodec<TValue> _values;
    private readonly Func<TMessage, MapField<TKey, TValue>> _get;

    public MapFieldPlan(FieldDescriptor descriptor, PropertyInfo property, ValueCodec<TKey> keys, ValueCodec<TValue> values) : base(descriptor)
    {
        _keys = keys;
        _values = values;
        _get = property.GetMethod!.CreateDelegate<Func<TMessage, MapField<TKey, TValue>>>();
    }

    public override bool ReadsNull => false;

    public override bool HasText => false;

    public override void Read(ref Utf8JsonReader reader, IMessage message, ReadContext context)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw context.WrongType("an object");

        context.CheckDepth(ref reader);
        var map = _get((TMessage)message);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            context.Push(context.GetString(ref reader));
            var key = _keys.ReadText(context.GetText(ref reader), context);
            if (map.ContainsKey(key))
                throw context.Duplicate();

            reader.Read();
            map.Add(key, _values.Read(ref reader, context));
            context.Pop();
        }
    }

    public override void ReadText(ReadOnlySpan<byte> text, IMessage message, ReadContext context) =>
        throw context.Error(JsonContractErrorKind.Unsupported, "cannot be given as text");

    public override bool IsWritten(IMessage message) => _get((TMessage)message).Count > 0;

    public override void WriteValue(Utf8JsonWriter writer, IMessage message)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in _get((TMessage)message))
        {
            writer.WritePropertyName(_keys.KeyText(key));
            _values.Write(writer, value);
        }

        writer.WriteEndObject();
    }
}
