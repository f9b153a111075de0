namespace UCaptcha.Transcoding.Templates;

// The grammar in the comment of google/api/http.proto:
//   Template = "/" Segments [ Verb ]    Segments = Segment { "/" Segment }    Segment = "*" | "**" | LITERAL | Variable
//   Variable = "{" FieldPath [ "=" Segments ] "}"    FieldPath = IDENT { "." IDENT }    Verb = ":" LITERAL
internal sealed class PathTemplateParser(string text)
{
    private const string Special = "/{}*=:";

    private int _position;

    public List<TemplateSegment> Segments { get; } = [];

    public List<TemplateVariable> Variables { get; } = [];

    public string? Verb { get; private set; }

    private char Next => _position < text.Length ? text[_position] : '\0';

    public void Parse()
    {
        Take('/');
        if (_position == text.Length)
            return;

        ParseSegments(inVariable: false);
        if (Next == ':')
        {
            _position++;
            Verb = ParseLiteral();
        }

        if (_position != text.Length)
            throw Error("it has text behind its end");
        if (Segments.FindIndex(segment => segment.Kind == TemplateSegmentKind.Rest) is var rest && rest >= 0 && rest != Segments.Count - 1)
            throw Error("** must be its last segment");
        if (Variables.DistinctBy(variable => variable.FieldPath).Count() != Variables.Count)
            throw Error("a field occurs in it twice");
    }

    private void ParseSegments(bool inVariable)
    {
        ParseSegment(inVariable);
        while (Next == '/')
        {
            _position++;
            ParseSegment(inVariable);
        }
    }

    private void ParseSegment(bool inVariable)
    {
        switch (Next)
        {
            case '*':
                _position++;
                var isRest = Next == '*';
                _position += isRest ? 1 : 0;
                Segments.Add(isRest ? new TemplateSegment(TemplateSegmentKind.Rest, "**") : new TemplateSegment(TemplateSegmentKind.One, "*"));
                break;
            case '{' when !inVariable:
                ParseVariable();
                break;
            default:
                Segments.Add(new TemplateSegment(TemplateSegmentKind.Literal, ParseLiteral()));
                break;
        }
    }

    private void ParseVariable()
    {
        Take('{');
        var fieldPath = ParseLiteral();
        var first = Segments.Count;
        if (Next == '=')
        {
            _position++;
            ParseSegments(inVariable: true);
        }
        else
        {
            Segments.Add(new TemplateSegment(TemplateSegmentKind.One, "*"));
        }

        Take('}');
        var isOneSegment = Segments.Count == first + 1 && Segments[first].Kind != TemplateSegmentKind.Rest;
        Variables.Add(new TemplateVariable(fieldPath, first, Segments.Count, isOneSegment));
    }

    private string ParseLiteral()
    {
        var length = text.AsSpan(_position).IndexOfAny(Special);
        var literal = text.Substring(_position, length < 0 ? text.Length - _position : length);
        if (literal.Length == 0)
            throw Error($"a name is missing at character {_position + 1}");

        _position += literal.Length;
        return literal;
    }

    private void Take(char expected)
    {
        if (Next != expected)
            throw Error($"'{expected}' is missing at character {_position + 1}");

        _position++;
    }

    private FormatException Error(string reason) => new($"The path template '{text}' is not one of google.api.http: {reason}.");
}
