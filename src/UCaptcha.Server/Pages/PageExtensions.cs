using System.Net.Mime;
using System.Reflection;

namespace UCaptcha.Server.Pages;

/// <summary>The server's own pages: where to begin at <c>/</c>, and the reference at <c>/docs</c>. All they need comes from here.</summary>
internal static class PageExtensions
{
    // The viewer sets styles of its own; nothing is fetched from, sent to or framed by anyone else.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Utf8 = "; charset=utf-8";

    private static readonly (string Path, string Asset, string Type)[] Pages =
    [
        ("/", "index.html", MediaTypeNames.Text.Html + Utf8),
        ("/docs", "docs.html", MediaTypeNames.Text.Html + Utf8),
        ("/pages/style.css", "style.css", MediaTypeNames.Text.Css + Utf8),
        ("/pages/docs.js", "docs.js", MediaTypeNames.Text.JavaScript + Utf8),
        ("/pages/origin.js", "origin.js", MediaTypeNames.Text.JavaScript + Utf8),
        ("/pages/rapidoc.js", "rapidoc.js", MediaTypeNames.Text.JavaScript + Utf8),
        ("/pages/rapidoc.LICENSE.txt", "rapidoc.LICENSE.txt", MediaTypeNames.Text.Plain + Utf8),
    ];

    /// <summary>Serves the pages to GET.</summary>
    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        foreach (var (path, asset, type) in Pages)
        {
            var content = Read(asset);
            endpoints.MapGet(path, (HttpContext http) =>
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
                http.Response.Headers.XContentTypeOptions = "nosniff";
                http.Response.Headers["Referrer-Policy"] = "no-referrer";
                http.Response.Headers.CacheControl = "no-cache";
                return Results.Bytes(content, type);
            });
        }
    }

    private static byte[] Read(string asset)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Pages/" + asset)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
