using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec.WellKnown;

namespace UCaptcha.Transcoding.Codec.Messages;

// What the codec knows of a message type: its fields by name, and its open field.
internal sealed class MessageTable
{
    private const int BitsPerWord = 64;

    private readonly FieldPlan[] _fields;
    private readonly NameTable<FieldPlan> _names;
    private readonly IFieldAccessor? _open;
    private readonly int _seenWords;

    public MessageTable(IReadOnlyList<FieldPlan> fields, FieldDescriptor? openField)
    {
        _fields = [.. fields];
        _open = openField?.Accessor;
        _names = new NameTable<FieldPlan>(ignoreCase: openField is not null);
        var oneofs = new List<OneofDescriptor>();
        for (var index = 0; index < _fields.Length; index++)
        {
            _fields[index].Index = index;
            _names.TryAdd(_fields[index].Name, _fields[index]);
            if (_fields[index].Descriptor.RealContainingOneof is not { } oneof)
                continue;

            if (!oneofs.Contains(oneof))
                oneofs.Add(oneof);
            _fields[index].OneofIndex = _fields.Length + oneofs.IndexOf(oneof);
        }

        foreach (var field in _fields)
            _names.TryAdd(field.Descriptor.Name, field);

        _seenWords = (_fields.Length + oneofs.Count) / BitsPerWord + 1;
    }

    public ReadOnlySpan<FieldPlan> Fields => _fields;

    public FieldPlan? Find(ReadOnlySpan<byte> name) => _names.Find(name);

    // The reader stands on the opening brace.
    public void Read(ref Utf8JsonReader reader, IMessage message, ReadContext context)
    {
        context.CheckDepth(ref reader);
        Span<ulong> seen = stackalloc ulong[_seenWords];
        seen.Clear();
        // Nobody gets to see what is read leniently, so its open field stays empty.
        var unclaimed = new UnclaimedMembers(_open is null || context.IsLenient ? null : new Struct());
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_names.Find(context.GetText(ref reader)) is not { } field)
            {
                if (_open is null && context is { IsStrict: true, IsLenient: false })
                    throw context.Unknown(context.GetString(ref reader), _fields.Select(known => known.Name));
                unclaimed.Read(ref reader, context);
                continue;
            }

            context.Push(field.Name);
            if (!Mark(seen, field.Index))
                throw context.Duplicate();

            reader.Read();
            if (reader.TokenType != JsonTokenType.Null || field.ReadsNull)
            {
                if (field.OneofIndex >= 0 && !Mark(seen, field.OneofIndex))
                    throw context.Error(JsonContractErrorKind.Duplicate, "cannot be given together with another member that excludes it");

                if (context.IsLenient)
                    ReadIfItFits(field, ref reader, message, context);
                else
                    field.Read(ref reader, message, context);
            }

            context.Pop();
        }

        if (unclaimed.Kept is { Fields.Count: > 0 } kept)
            _open!.SetValue(message, kept);
    }

    // The members without the braces around them.
    public void WriteMembers(Utf8JsonWriter writer, IMessage message, JsonMemberWriter? member)
    {
        foreach (var field in _fields)
        {
            if (member is null || !member(message, field.Descriptor, writer))
                field.Write(writer, message);
        }

        if (_open?.GetValue(message) is Struct open)
            StructJson.WriteUnclaimed(writer, open, _names);
    }

    private static void ReadIfItFits(FieldPlan field, ref Utf8JsonReader reader, IMessage message, ReadContext context)
    {
        var start = reader;
        var length = context.Length;
        try
        {
            field.Read(ref reader, message, context);
        }
        catch (JsonContractException exception) when (exception.IsOfOneField && context.Misfits < ReadContext.MostMisfits)
        {
            context.Misfits++;
            reader = start;
            context.Length = length;
            UnclaimedMembers.Skip(ref reader, context);
        }
    }

    private static bool Mark(Span<ulong> seen, int index)
    {
        ref var word = ref seen[index / BitsPerWord];
        var bit = 1UL << (index % BitsPerWord);
        if ((word & bit) != 0)
            return false;

        word |= bit;
        return true;
    }
}
