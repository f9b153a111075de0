namespace UCaptcha.Transcoding.Templates;

// A path template of google.api.http: literal segments, * for one segment, ** for the rest, variables over some of them, and a verb.
// Paths match in exact case; one slash at the end is passed over.
internal sealed class PathTemplate
{
    private readonly TemplateSegment[] _segments;

    private PathTemplate(string text, List<TemplateSegment> segments, List<TemplateVariable> variables, string? verb)
    {
        Text = text;
        _segments = [.. segments];
        Variables = variables;
        Verb = verb;
    }

    public string Text { get; }

    public IReadOnlyList<TemplateSegment> Segments => _segments;

    public IReadOnlyList<TemplateVariable> Variables { get; }

    public string? Verb { get; }

    // Throws FormatException with a sentence that says what is wrong with the template.
    public static PathTemplate Parse(string text)
    {
        var parser = new PathTemplateParser(text);
        parser.Parse();
        return new PathTemplate(text, parser.Segments, parser.Variables, parser.Verb);
    }

    public bool IsMatch(string path) => TryMatch(path, []);

    // Matches a decoded path. Values, when it has room, takes what each variable stands for.
    public bool TryMatch(string path, Span<string> values)
    {
        if (path.Length == 0 || path[0] != '/' || !TryTrim(path, out var end))
            return false;

        Span<int> starts = stackalloc int[_segments.Length + 1];
        var position = 1;
        for (var index = 0; index < _segments.Length; index++)
        {
            starts[index] = Math.Min(position, end);
            if (_segments[index].Kind == TemplateSegmentKind.Rest)
            {
                position = end + 1;
                continue;
            }

            if (position > end)
                return false;

            var length = path.AsSpan(position, end - position).IndexOf('/');
            var segment = path.AsSpan(position, length < 0 ? end - position : length);
            if (segment.IsEmpty || !_segments[index].IsMatch(segment))
                return false;

            position += segment.Length + 1;
        }

        starts[^1] = position;
        if (position <= end && !(_segments.Length == 0 && end == 1))
            return false;

        for (var index = 0; index < values.Length; index++)
            values[index] = Variables[index].ValueIn(path.AsSpan(0, end), starts);

        return true;
    }

    // Takes the slash and the verb off the end.
    private bool TryTrim(string path, out int end)
    {
        end = path.Length > 1 && path[^1] == '/' ? path.Length - 1 : path.Length;
        if (Verb is null)
            return true;

        if (!path.AsSpan(0, end).EndsWith(Verb, StringComparison.Ordinal) || end <= Verb.Length + 1 || path[end - Verb.Length - 1] != ':')
            return false;

        end -= Verb.Length + 1;
        return true;
    }
}
