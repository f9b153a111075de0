namespace UCaptcha.Transcoding.Templates;

// A field that takes some segments of the path: those from First up to and not including End.
internal sealed record TemplateVariable(string FieldPath, int First, int End, bool IsOneSegment)
{
    public string ValueIn(ReadOnlySpan<char> path, ReadOnlySpan<int> starts)
    {
        var end = Math.Min(starts[End] - 1, path.Length);
        var value = starts[First] < end ? path[starts[First]..end].ToString() : "";

        // The server leaves an encoded slash as it is. In one segment it can only be data; across segments it tells data from structure.
        return IsOneSegment ? value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : value;
    }
}
