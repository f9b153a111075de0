using Google.Protobuf;
using UCaptcha.Server.Admin;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Options;
using UCaptcha.Transcoding.Rendering;
using UCaptcha.V1;

namespace UCaptcha.Server.Dialects;

/// <summary>Chooses the dialect of a request: by its path, else by its key, else by its host, else the default.</summary>
internal sealed class DialectSelector(DialectCatalogue dialects, KeyAuthentication keys, UCaptchaSettings settings) : IRenderingProfileSelector
{
    private readonly Dictionary<string, RenderingProfile> _byHost = settings.Dialects
        .SelectMany(dialect => dialect.Value.Hosts.Select(host => (Host: host, Profile: dialects.Find(dialect.Key))))
        .ToDictionary(entry => entry.Host, entry => entry.Profile, StringComparer.OrdinalIgnoreCase);

    private readonly RenderingProfile _default = dialects.Find(settings.DefaultDialect);

    /// <summary>The paths under which each dialect is served.</summary>
    public static IEnumerable<string> Prefixes => DialectNames.All.Select(name => "/" + name);

    /// <inheritdoc/>
    public ValueTask<RenderingProfile> SelectAsync(HttpContext context, string? prefix, IMessage? request) => new(Select(context, prefix, request));

    /// <summary>The dialect of a request that is answered before anything of its body is read.</summary>
    public RenderingProfile SelectUnread(HttpContext context) => Select(
        context, Prefixes.FirstOrDefault(prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal)), request: null);

    private RenderingProfile Select(HttpContext context, string? prefix, IMessage? request)
    {
        if (AdminSurface.Has(context))
            return AdminSurface.Profile;
        if (prefix is not null)
            return dialects.Find(prefix[1..]);
        // Only this API has dialects; other services behind the same transcoder are as they are.
        if (request is not (null or IKeyedRequest))
            return NativeProfile.Instance;
        var key = (request as IKeyedRequest)?.ClientKey is { Length: > 0 } inBody ? inBody : (string?)context.Request.Headers[KeyAuthentication.HeaderName];
        if (!string.IsNullOrEmpty(key) && keys.Recognise(key)?.Settings.Dialect is { } name)
            return dialects.Find(name);
        return _byHost.Count > 0 && _byHost.TryGetValue(context.Request.Host.Host, out var byHost) ? byHost : _default;
    }
}
