using System.Collections.Concurrent;
using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec.Values;
using UCaptcha.Transcoding.Codec.WellKnown;
using Type = System.Type;

namespace UCaptcha.Transcoding.Codec.Messages;

// Makes the codecs of message types and of their fields from descriptors, once each.
internal sealed class CodecFactory(ProtoJsonOptions options)
{
    private readonly ConcurrentDictionary<MessageDescriptor, IMessageCodec> _messages = [];

    public IMessageCodec ForMessage(MessageDescriptor type) =>
        _messages.TryGetValue(type, out var codec) ? codec : _messages.GetOrAdd(type, MakeMessage(type));

    public FieldPlan MakeField(FieldDescriptor field)
    {
        var property = field.ContainingType.ClrType.GetProperty(field.PropertyName)!;
        if (field.IsMap)
        {
            var (key, value) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
            var types = property.PropertyType.GetGenericArguments();
            var (keys, values) = (MakeValue(key, types[0]), MakeValue(value, types[1]));
            return (FieldPlan)Make(typeof(MapFieldPlan<,,>), [property.DeclaringType!, .. types], field, property, keys, values);
        }

        var (plan, type) = field.IsRepeated
            ? (typeof(RepeatedFieldPlan<,>), property.PropertyType.GetGenericArguments()[0])
            : (typeof(SingularFieldPlan<,>), property.PropertyType);
        return (FieldPlan)Make(plan, [property.DeclaringType!, type], field, property, MakeValue(field, type));
    }

    private IMessageCodec MakeMessage(MessageDescriptor type) => type.FullName switch
    {
        "google.protobuf.Any" => new AnyCodec(),
        "google.protobuf.Struct" => new StructCodec(),
        "google.protobuf.Value" => new ValueValueCodec(),
        "google.protobuf.ListValue" => new ListValueCodec(),
        "google.protobuf.Timestamp" => new TextMessageCodec<Timestamp>(TimestampJson.Parse, TimestampJson.Format, TimestampJson.Expected),
        "google.protobuf.Duration" => new TextMessageCodec<Duration>(DurationJson.Parse, DurationJson.Format, DurationJson.Expected),
        "google.protobuf.FieldMask" => new TextMessageCodec<FieldMask>(FieldMaskJson.Parse, FieldMaskJson.Format, FieldMaskJson.Expected),
        _ when IsWrapper(type) => (IMessageCodec)Make(typeof(WrapperCodec<>), [type.ClrType], MakeField(type.FindFieldByNumber(1))),
        _ => (IMessageCodec)Make(typeof(MessageCodec<>), [type.ClrType], () => MakeTable(type)),
    };

    private MessageTable MakeTable(MessageDescriptor type)
    {
        var open = type.Fields.InDeclarationOrder().Where(IsOpen).ToList();
        if (open.Count > 1 || !open.TrueForAll(IsStruct))
            throw new InvalidOperationException($"{type.FullName} may have one open field, and it must be a singular google.protobuf.Struct.");

        return new MessageTable([.. type.Fields.InDeclarationOrder().Where(IsInJson).Except(open).Select(MakeField)], open.FirstOrDefault());
    }

    private object MakeValue(FieldDescriptor field, Type type) => field.FieldType switch
    {
        FieldType.Double => new RealCodec<double>(),
        FieldType.Float => new RealCodec<float>(),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new IntegerCodec<int>(),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => new IntegerCodec<long>(),
        FieldType.UInt32 or FieldType.Fixed32 => new IntegerCodec<uint>(),
        FieldType.UInt64 or FieldType.Fixed64 => new IntegerCodec<ulong>(),
        FieldType.Bool => new BoolCodec(),
        FieldType.String => new StringCodec(Has(field, options.AcceptsNumbers)),
        FieldType.Bytes => new BytesCodec(),
        FieldType.Enum when type == typeof(NullValue) => new NullValueCodec(),
        FieldType.Enum => Make(typeof(EnumCodec<>), [type], field.EnumType, options),
        _ when !IsWrapper(field.MessageType) => ForMessage(field.MessageType),
        _ => MakeWrapped(field.MessageType.FindFieldByNumber(1), type),
    };

    private object MakeWrapped(FieldDescriptor value, Type type) => Nullable.GetUnderlyingType(type) is { } bare
        ? Make(typeof(NullableCodec<>), [bare], MakeValue(value, bare))
        : MakeValue(value, type);

    private static bool IsStruct(FieldDescriptor field) =>
        field is { IsRepeated: false, FieldType: FieldType.Message } && field.MessageType == Struct.Descriptor;

    private bool IsOpen(FieldDescriptor field) => Has(field, options.OpenField);

    private bool IsInJson(FieldDescriptor field) => !Has(field, options.WithoutJson);

    private static bool Has(FieldDescriptor field, Extension<FieldOptions, bool>? option) =>
        option is not null && field.GetOptions() is { } set && set.GetExtension(option);

    private static bool IsWrapper(MessageDescriptor type) => type.File.Name == "google/protobuf/wrappers.proto";

    private static object Make(Type definition, Type[] arguments, params object?[] parameters) =>
        Activator.CreateInstance(definition.MakeGenericType(arguments), BindingFlags.Public | BindingFlags.Instance, null, parameters, null)!;
}
