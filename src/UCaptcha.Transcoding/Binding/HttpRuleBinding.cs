using Google.Api;
using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Templates;

namespace UCaptcha.Transcoding.Binding;

// One way in to a method: an HTTP method and a path of its google.api.http rule.
internal sealed record HttpRuleBinding(string HttpMethod, PathTemplate Template, string Body, string ResponseBody)
{
    // Any HTTP method, as a custom pattern may say.
    public const string AnyMethod = "*";

    // The rule and its additional bindings; none when the method has no rule.
    public static IReadOnlyList<HttpRuleBinding> Of(MethodDescriptor method)
    {
        if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } rule)
            return [];

        return [.. rule.AdditionalBindings.Prepend(rule).Select(binding => For(method, binding))];
    }

    private static HttpRuleBinding For(MethodDescriptor method, HttpRule rule)
    {
        var (httpMethod, path) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            HttpRule.PatternOneofCase.Patch => ("PATCH", rule.Patch),
            HttpRule.PatternOneofCase.Custom => (rule.Custom.Kind, rule.Custom.Path),
            _ => throw new InvalidOperationException($"A google.api.http rule of {method.FullName} has no path."),
        };
        try
        {
            return new HttpRuleBinding(httpMethod, PathTemplate.Parse(path), rule.Body, rule.ResponseBody);
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException($"{method.FullName}: {exception.Message}", exception);
        }
    }
}
