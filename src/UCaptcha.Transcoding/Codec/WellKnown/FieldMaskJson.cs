using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Transcoding.Codec.WellKnown;

// google.protobuf.FieldMask: its paths in lowerCamelCase with commas between them.
internal static class FieldMaskJson
{
    public const string Expected = "field paths in lowerCamelCase with commas between them";

    public static FieldMask? Parse(ReadOnlySpan<byte> text)
    {
        var mask = new FieldMask();
        if (text.IsEmpty)
            return mask;

        foreach (var path in Encoding.UTF8.GetString(text).Split(','))
        {
            if (path.Length == 0 || !path.All(c => char.IsAsciiLetterOrDigit(c) || c == '.'))
                return null;

            mask.Paths.Add(string.Concat(path.Select(c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString())));
        }

        return mask;
    }

    public static string? Format(FieldMask value)
    {
        var text = new StringBuilder();
        foreach (var path in value.Paths)
        {
            text.Append(text.Length == 0 ? "" : ",");
            for (var index = 0; index < path.Length; index++)
            {
                if (char.IsAsciiLetterUpper(path[index]))
                    return null;
                if (path[index] != '_')
                    text.Append(path[index]);
                else if (++index < path.Length && char.IsAsciiLetterLower(path[index]))
                    text.Append(char.ToUpperInvariant(path[index]));
                else
                    return null;
            }
        }

        return text.ToString();
    }
}
