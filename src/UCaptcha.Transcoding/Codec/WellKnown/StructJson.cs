using System.Text;
using System.Text.Json;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec.Messages;
using UCaptcha.Transcoding.Codec.Values;

namespace UCaptcha.Transcoding.Codec.WellKnown;

// google.protobuf.Struct, Value and ListValue: any JSON, as deep as the context allows.
internal static class StructJson
{
    public static Struct ReadStruct(ref Utf8JsonReader reader, ReadContext context)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw context.WrongType("an object");

        context.CheckDepth(ref reader);
        var result = new Struct();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            ReadMember(ref reader, result.Fields, context);

        return result;
    }

    public static ListValue ReadList(ref Utf8JsonReader reader, ReadContext context)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw context.WrongType("a list");

        context.CheckDepth(ref reader);
        var result = new ListValue();
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            context.Push(index);
            result.Values.Add(ReadValue(ref reader, context));
            context.Pop();
        }

        return result;
    }

    public static Value ReadValue(ref Utf8JsonReader reader, ReadContext context) => reader.TokenType switch
    {
        JsonTokenType.Null => Value.ForNull(),
        JsonTokenType.True => Value.ForBool(true),
        JsonTokenType.False => Value.ForBool(false),
        JsonTokenType.String => Value.ForString(context.GetString(ref reader)),
        JsonTokenType.Number => Value.ForNumber(ReadNumber(ref reader, context)),
        JsonTokenType.StartObject => new Value { StructValue = ReadStruct(ref reader, context) },
        _ => new Value { ListValue = ReadList(ref reader, context) },
    };

    // The reader stands on the name and is left on the last token of the value.
    public static void ReadMember(ref Utf8JsonReader reader, MapField<string, Value> members, ReadContext context)
    {
        var name = context.GetString(ref reader);
        context.Push(name);
        if (members.ContainsKey(name))
            throw context.Duplicate();

        reader.Read();
        members.Add(name, ReadValue(ref reader, context));
        context.Pop();
    }

    public static void Write(Utf8JsonWriter writer, Struct value)
    {
        writer.WriteStartObject();
        foreach (var (name, member) in value.Fields)
        {
            writer.WritePropertyName(name);
            Write(writer, member);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, ListValue value)
    {
        writer.WriteStartArray();
        foreach (var item in value.Values)
            Write(writer, item);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.NumberValue:
                if (!double.IsFinite(value.NumberValue))
                    throw JsonContractException.HasNoJson(value);
                NumberText.Write(writer, value.NumberValue);
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.StructValue:
                Write(writer, value.StructValue);
                break;
            case Value.KindOneofCase.ListValue:
                Write(writer, value.ListValue);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // The members of an open field that no typed field of its message claims.
    public static void WriteUnclaimed(Utf8JsonWriter writer, Struct value, NameTable<FieldPlan> claimed)
    {
        foreach (var (name, member) in value.Fields)
        {
            if (IsClaimed(name, claimed))
                continue;

            writer.WritePropertyName(name);
            Write(writer, member);
        }
    }

    private static bool IsClaimed(string name, NameTable<FieldPlan> claimed)
    {
        var size = Encoding.UTF8.GetMaxByteCount(name.Length);
        if (size > 768)
            return claimed.Find(Encoding.UTF8.GetBytes(name)) is not null;

        Span<byte> bytes = stackalloc byte[size];
        return claimed.Find(bytes[..Encoding.UTF8.GetBytes(name, bytes)]) is not null;
    }

    private static double ReadNumber(ref Utf8JsonReader reader, ReadContext context)
    {
        if (!reader.TryGetDouble(out var value) || !double.IsFinite(value))
            throw context.OutOfRange("a number that a double holds");
        if (NumberText.IsInexactInteger(reader.ValueSpan, value))
            throw context.OutOfRange("an integer that a double holds exactly; send it as a string");

        return value;
    }
}
