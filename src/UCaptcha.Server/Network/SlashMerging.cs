using System.Text;

namespace UCaptcha.Server.Network;

/// <summary>Takes <c>//createTask</c> for <c>/createTask</c>: what comes of a client's base URL with a slash at its end.</summary>
internal static class SlashMerging
{
    /// <summary>Handles one request.</summary>
    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.Value is { } path && path.Contains("//", StringComparison.Ordinal))
            http.Request.Path = Merge(path);
        return next(http);
    }

    private static string Merge(string path)
    {
        var merged = new StringBuilder(path.Length);
        foreach (var character in path)
        {
            if (character != '/' || merged.Length == 0 || merged[^1] != '/')
                merged.Append(character);
        }

        return merged.ToString();
    }
}
