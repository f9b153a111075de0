using System.Reflection;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec.Values;

namespace UCaptcha.Transcoding.Codec.Messages;

// A field with one value. Without presence it is always written, with presence when it is set.
internal sealed class SingularFieldPlan<TMessage, T> : FieldPlan where TMessage : IMessage
{
    private readonly ValueCodec<T> _codec;
    private readonly Func<TMessage, T> _get;
    private readonly Action<TMessage, T> _set;
    private readonly Func<TMessage, bool>? _has;
    private readonly bool _hasPresence;
    private readonly bool _nullIsAbsent;

    public SingularFieldPlan(FieldDescriptor descriptor, PropertyInfo property, ValueCodec<T> codec) : base(descriptor)
    {
        _codec = codec;
        _get = property.GetMethod!.CreateDelegate<Func<TMessage, T>>();
        _set = property.SetMethod!.CreateDelegate<Action<TMessage, T>>();
        _has = typeof(TMessage).GetProperty("Has" + descriptor.PropertyName)?.GetMethod?.CreateDelegate<Func<TMessage, bool>>();
        _hasPresence = descriptor.HasPresence;
        _nullIsAbsent = descriptor.FieldType is FieldType.Message or FieldType.Group;
    }

    public override bool ReadsNull => _codec.ReadsNull;

    public override bool HasText => _codec.HasText;

    public override MessageDescriptor? Nested => _codec.HasText || !_nullIsAbsent ? null : Descriptor.MessageType;

    public override void Read(ref Utf8JsonReader reader, IMessage message, ReadContext context) =>
        _set((TMessage)message, _codec.Read(ref reader, context));

    public override void ReadText(ReadOnlySpan<byte> text, IMessage message, ReadContext context) =>
        _set((TMessage)message, _codec.ReadText(text, context));

    public override bool IsWritten(IMessage message)
    {
        if (!_hasPresence)
            return true;
        if (_nullIsAbsent)
            return _get((TMessage)message) is not null;

        return _has is null ? Descriptor.Accessor.HasValue(message) : _has((TMessage)message);
    }

    public override void WriteValue(Utf8JsonWriter writer, IMessage message)
    {
        if (_get((TMessage)message) is { } value)
            _codec.Write(writer, value);
        else
            writer.WriteNullValue();
    }
}
