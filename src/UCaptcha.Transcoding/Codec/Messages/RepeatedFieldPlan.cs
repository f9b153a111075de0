using System.Reflection;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec.Values;

namespace UCaptcha.Transcoding.Codec.Messages;

// A repeated field: an array, written when it is not empty.
internal sealed class RepeatedFieldPlan<TMessage, T> : FieldPlan where TMessage : IMessage
{
    private readonly ValueCodec<T> _codec;
    private readonly Func<TMessage, RepeatedField<T>> _get;

    public RepeatedFieldPlan(FieldDescriptor descriptor, PropertyInfo property, ValueCodec<T> codec) : base(descriptor)
    {
        _codec = codec;
        _get = property.GetMethod!.CreateDelegate<Func<TMessage, RepeatedField<T>>>();
    }

    public override bool ReadsNull => false;

    public override bool HasText => _codec.HasText;

    public override void Read(ref Utf8JsonReader reader, IMessage message, ReadContext context)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw context.WrongType("a list");

        context.CheckDepth(ref reader);
        var list = _get((TMessage)message);
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            context.Push(index);
            list.Add(_codec.Read(ref reader, context));
            context.Pop();
        }
    }

    public override void ReadText(ReadOnlySpan<byte> text, IMessage message, ReadContext context) =>
        _get((TMessage)message).Add(_codec.ReadText(text, context));

    public override bool IsWritten(IMessage message) => _get((TMessage)message).Count > 0;

    public override void WriteValue(Utf8JsonWriter writer, IMessage message)
    {
        writer.WriteStartArray();
        foreach (var item in _get((TMessage)message))
            _codec.Write(writer, item);
        writer.WriteEndArray();
    }
}
