using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Codec;

// Messages with anything in them that has a JSON form.
internal sealed class RandomMessages(int seed)
{
    private const int DeepestMessage = 4;

    private static readonly string[] Words =
        ["", "a", "websiteURL", "ключ", "\u0000\t\"\\/\u2028", "😀", "null", "123", " spaced ", new string('x', 300)];

    private static readonly double[] Doubles =
    [
        0, -0.0, 1, -1, 0.5, 0.00299, 1e-7, 1e15, 1e21, 123456789012345678, 9007199254740993,
        1e300, double.MaxValue, double.MinValue, double.Epsilon, 1.0000000000000002e15,
    ];

    private readonly Random _random = new(seed);

    public T Next<T>() where T : IMessage, new() => (T)Next(new T().Descriptor, 0);

    public Struct NextOpen(IReadOnlyCollection<string> taken)
    {
        var members = NextStruct(2);
        foreach (var name in members.Fields.Keys.Where(name => taken.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList())
            members.Fields.Remove(name);
        members.Fields["unclaimed"] = NextValue(1);
        return members;
    }

    private IMessage Next(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (field.Name is "anything" or "extra")
                continue;
            if (_random.Next(3) == 0 || (depth >= DeepestMessage && field.FieldType == FieldType.Message))
                continue;

            if (field.IsMap)
                FillMap((IDictionary)field.Accessor.GetValue(message), field, depth);
            else if (field.IsRepeated)
                FillList((IList)field.Accessor.GetValue(message), field, depth);
            else
                field.Accessor.SetValue(message, NextValue(field, depth));
        }

        if (message is Job job && _random.Next(2) == 0)
            job.Extra = NextOpen([.. type.Fields.InDeclarationOrder().SelectMany(field => new[] { field.Name, field.JsonName })]);

        return message;
    }

    private void FillList(IList list, FieldDescriptor field, int depth)
    {
        for (var count = _random.Next(3); count > 0; count--)
            list.Add(NextValue(field, depth));
    }

    private void FillMap(IDictionary map, FieldDescriptor field, int depth)
    {
        for (var count = _random.Next(3); count > 0; count--)
            map[NextValue(field.MessageType.FindFieldByNumber(1), depth)] = NextValue(field.MessageType.FindFieldByNumber(2), depth);
    }

    private object NextValue(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Double => NextDouble(),
        FieldType.Float => (float)NextDouble(),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Pick(0, 1, -1, int.MinValue, int.MaxValue, _random.Next()),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Pick(0L, -1, long.MinValue, long.MaxValue, _random.NextInt64()),
        FieldType.UInt32 or FieldType.Fixed32 => Pick(0u, 1u, uint.MaxValue, (uint)_random.Next()),
        FieldType.UInt64 or FieldType.Fixed64 => Pick(0UL, 1UL, ulong.MaxValue, (ulong)_random.NextInt64()),
        FieldType.Bool => _random.Next(2) == 0,
        FieldType.String => NextString(),
        FieldType.Bytes => NextBytes(),
        FieldType.Enum when field.EnumType.ClrType == typeof(NullValue) => NullValue.NullValue,
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, Pick(0, 1, 2, 3, -5, 77)),
        _ => NextMessage(field.MessageType, depth),
    };

    private object NextMessage(MessageDescriptor type, int depth) => type.FullName switch
    {
        "google.protobuf.Struct" => NextStruct(2),
        "google.protobuf.Value" => NextValue(2),
        "google.protobuf.ListValue" => NextList(2),
        "google.protobuf.Timestamp" => NextTimestamp(),
        "google.protobuf.Duration" => NextDuration(),
        "google.protobuf.FieldMask" => new FieldMask { Paths = { Pick("a", "a_b", "task.website_url"), "x1.y_z" } },
        "google.protobuf.DoubleValue" => NextDouble(),
        "google.protobuf.FloatValue" => (float)NextDouble(),
        "google.protobuf.Int32Value" => _random.Next(),
        "google.protobuf.Int64Value" => _random.NextInt64(),
        "google.protobuf.UInt32Value" => uint.MaxValue,
        "google.protobuf.UInt64Value" => ulong.MaxValue,
        "google.protobuf.BoolValue" => _random.Next(2) == 0,
        "google.protobuf.StringValue" => NextString(),
        "google.protobuf.BytesValue" => NextBytes(),
        _ => Next(type, depth + 1),
    };

    private Timestamp NextTimestamp() =>
        new() { Seconds = Pick(0, -62135596800, 253402300799, _random.NextInt64(2_000_000_000)), Nanos = NextNanos() };

    private Duration NextDuration()
    {
        var duration = new Duration { Seconds = Pick(0, 1, 315_576_000_000, _random.NextInt64(100_000)), Nanos = NextNanos() };
        return _random.Next(2) == 0 ? duration : new Duration { Seconds = -duration.Seconds, Nanos = -duration.Nanos };
    }

    private Struct NextStruct(int depth)
    {
        var result = new Struct();
        for (var count = _random.Next(4); count > 0; count--)
            result.Fields[NextString()] = NextValue(depth - 1);
        return result;
    }

    private ListValue NextList(int depth)
    {
        var result = new ListValue();
        for (var count = _random.Next(4); count > 0; count--)
            result.Values.Add(NextValue(depth - 1));
        return result;
    }

    private Value NextValue(int depth) => _random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => Value.ForNull(),
        1 => Value.ForBool(_random.Next(2) == 0),
        2 => Value.ForNumber(Pick(Doubles)),
        3 => Value.ForString(NextString()),
        4 => new Value { StructValue = NextStruct(depth) },
        _ => new Value { ListValue = NextList(depth) },
    };

    private double NextDouble() => _random.Next(3) switch
    {
        0 => Pick(Doubles),
        1 => Pick(double.NaN, double.PositiveInfinity, double.NegativeInfinity),
        _ => BitConverter.Int64BitsToDouble(_random.NextInt64()) is var any && double.IsNaN(any) ? 1 : any,
    };

    private int NextNanos() => Pick(0, 1, 999_999_999, 500_000_000, 1_000, _random.Next(1_000_000_000));

    private string NextString() => Pick(Words) + (_random.Next(2) == 0 ? "" : char.ConvertFromUtf32(_random.Next(1, 0xD800)));

    private ByteString NextBytes()
    {
        var bytes = new byte[_random.Next(40)];
        _random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
