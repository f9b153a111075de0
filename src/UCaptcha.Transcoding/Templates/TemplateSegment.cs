namespace UCaptcha.Transcoding.Templates;

internal enum TemplateSegmentKind
{
    Literal,

    // *: one segment.
    One,

    // **: all that is left, which may be nothing.
    Rest,
}

internal readonly record struct TemplateSegment(TemplateSegmentKind Kind, string Text)
{
    public bool IsMatch(ReadOnlySpan<char> segment) => Kind != TemplateSegmentKind.Literal || segment.SequenceEqual(Text);
}
