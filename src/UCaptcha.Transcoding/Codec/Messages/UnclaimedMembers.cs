using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Transcoding.Codec.WellKnown;

namespace UCaptcha.Transcoding.Codec.Messages;

// The members of one object that no field claims: kept for an open field, or passed over. Neither may occur twice.
internal struct UnclaimedMembers(Struct? kept)
{
    private HashSet<string>? _skipped;

    public readonly Struct? Kept => kept;

    // The reader stands on the name and is left on the last token of the value.
    public void Read(ref Utf8JsonReader reader, ReadContext context)
    {
        if (kept is not null)
        {
            StructJson.ReadMember(ref reader, kept.Fields, context);
            return;
        }

        var name = context.GetString(ref reader);
        if (!(_skipped ??= []).Add(name))
            throw context.Duplicate(name);

        context.Push(name);
        reader.Read();
        Skip(ref reader, context);
        context.Pop();
    }

    public static void Skip(ref Utf8JsonReader reader, ReadContext context)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                context.CheckDepth(ref reader);
        }
        while ((reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());
    }
}
