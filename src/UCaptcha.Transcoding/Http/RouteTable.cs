using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using UCaptcha.Transcoding.Binding;

namespace UCaptcha.Transcoding.Http;

// Every path that is served, for requests that no endpoint takes. Filled while services are mapped, read from then on.
internal sealed class RouteTable
{
    private readonly List<TranscodingRoute> _routes = [];
    private readonly string[] _prefixes;

    public RouteTable(IOptions<JsonTranscodingOptions> options)
    {
        _prefixes = [.. options.Value.PathPrefixes];
        foreach (var prefix in _prefixes)
        {
            if (prefix is not ['/', not '/', ..] || prefix[^1] == '/')
                throw new InvalidOperationException($"The path prefix '{prefix}' must start with a slash and must not end with one.");
        }
    }

    // No prefix, and each of those that are set.
    public IEnumerable<string?> Prefixes => _prefixes.Prepend(null);

    // What there is without a prefix.
    public IReadOnlyList<ServedRoute> Served =>
    [
        .. _routes
            .Where(route => route.Prefix is null)
            .Select(route => new ServedRoute(
                route.Method,
                route.HttpMethod,
                route.Rule.Template.Text,
                [.. route.Rule.Template.Variables.Select(variable => variable.FieldPath)],
                route.Rule.Body.Length > 0)),
    ];

    public void Add(TranscodingRoute route) => _routes.Add(route);

    // The methods by which a path could be called.
    public IReadOnlyList<string> AllowedMethods(HttpContext context, Func<HttpContext, MethodDescriptor, bool>? isServed) =>
    [
        .. _routes
            .Where(route => route.HttpMethod != HttpRuleBinding.AnyMethod && route.Template.IsMatch(context.Request.Path.Value ?? ""))
            .Where(route => isServed is null || isServed(context, route.Method))
            .Select(route => route.HttpMethod)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    public string? PrefixOf(PathString path) => Array.Find(_prefixes, prefix => path.StartsWithSegments(prefix, StringComparison.Ordinal));
}
