using System.Globalization;
using Microsoft.AspNetCore.Routing.Patterns;

namespace UCaptcha.Transcoding.Templates;

// The route pattern that ASP.NET routing is given for a template: it matches all that the template does and more; OrdinalPathPolicy does the rest.
internal static class RoutePatterns
{
    public static RoutePattern For(PathTemplate template)
    {
        var last = template.Segments.Count - 1;
        var parts = template.Segments.Select((segment, index) => Part(segment, index, index == last ? template.Verb : null));
        return RoutePatternFactory.Pattern(template.Text, parts.Select(part => RoutePatternFactory.Segment(part)));
    }

    private static RoutePatternPart Part(TemplateSegment segment, int index, string? verb)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"segment{index}");
        return segment.Kind switch
        {
            TemplateSegmentKind.Literal => RoutePatternFactory.LiteralPart(verb is null ? segment.Text : $"{segment.Text}:{verb}"),
            TemplateSegmentKind.One => RoutePatternFactory.ParameterPart(name),
            _ => RoutePatternFactory.ParameterPart(name, null, RoutePatternParameterKind.CatchAll),
        };
    }
}
