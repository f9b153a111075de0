using Google.Protobuf.Reflection;
using UCaptcha.Transcoding.Binding;
using UCaptcha.Transcoding.Templates;

namespace UCaptcha.Transcoding.Http;

// One path of one method, and the metadata of its endpoint. The template has the prefix before that of the rule.
internal sealed record TranscodingRoute(string? Prefix, MethodDescriptor Method, HttpRuleBinding Rule, PathTemplate Template)
{
    public string HttpMethod => Rule.HttpMethod;
}
