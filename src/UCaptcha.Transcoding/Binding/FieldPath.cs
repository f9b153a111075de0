using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Codec.Messages;

namespace UCaptcha.Transcoding.Binding;

// Fields inside one another, as a path template or a query names them: book.author.name.
internal static class FieldPath
{
    // A query may not reach deeper than a body.
    private const int LongestPath = ProtoJsonOptions.HighestMaxDepth;

    // Null when there is no such field or text cannot set it.
    public static FieldPlan[]? Resolve(ProtoJsonCodec codec, MessageDescriptor type, string path)
    {
        var names = path.Split('.', LongestPath + 1);
        if (names.Length > LongestPath)
            return null;

        var fields = new FieldPlan[names.Length];
        for (var index = 0; index < names.Length; index++)
        {
            var field = codec.TableOf(type)?.Find(Encoding.UTF8.GetBytes(names[index]));
            if (field is null)
                return null;

            fields[index] = field;
            if (index == names.Length - 1)
                return field.HasText ? fields : null;
            if (field.Nested is not { } nested)
                return null;

            type = nested;
        }

        return null;
    }

    // What a message has at the end of a path; null where it says nothing, as a number that is 0 does.
    public static object? ValueOf(IMessage message, ReadOnlySpan<FieldPlan> path)
    {
        foreach (var outer in path[..^1])
        {
            if (outer.Descriptor.Accessor.GetValue(message) is not IMessage inner)
                return null;
            message = inner;
        }

        var field = path[^1].Descriptor;
        var value = field.Accessor.GetValue(message);
        if (field.HasPresence)
            return field.Accessor.HasValue(message) ? value : null;
        return value.Equals(field.Accessor.GetValue(field.ContainingType.Parser.ParseFrom(ReadOnlySpan<byte>.Empty))) ? null : value;
    }
}
