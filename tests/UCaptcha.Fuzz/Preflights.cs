using System.Net;

namespace UCaptcha.Fuzz;

/// <summary>Asks, as browsers do, whether a page may call; only the page of the configured origin may ever be told so.</summary>
internal static class Preflights
{
    /// <summary>The origin that the server is told of.</summary>
    public const string Origin = "https://app.example";

    private static readonly string[] Origins =
        [Origin, "https://app.example.evil.example", "https://app.example:8443", "http://app.example", "null", "*", "https://APP.example", "file://", "https://evil.example", "https://app.example, https://evil.example"];

    public static async Task SendAsync(Shot shot)
    {
        var spoiler = shot.Spoiler;
        var path = spoiler.Pick(Targets.All).Path;
        var origin = spoiler.Chance(70) ? spoiler.Pick(Origins) : Printable(spoiler.PlainText());
        using var request = new HttpRequestMessage(spoiler.Chance(80) ? HttpMethod.Options : HttpMethod.Post, shot.Server.Http + path) { Version = HttpVersion.Version11 };
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (spoiler.Chance(80))
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", spoiler.Chance(50) ? "POST" : Printable(spoiler.PlainText()));
        if (spoiler.Chance(50))
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", spoiler.Chance(50) ? "content-type, x-api-key" : Printable(spoiler.PlainText()));
        if (spoiler.Chance(20))
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Private-Network", "true");
        var answer = await shot.AskAsync(request, Shot.LongestAnswer);
        shot.Count("(preflight)", answer);
        if (answer is null || answer == Answer.Unsent)
            return;
        shot.Check(answer.Status >= 500, path, "answered 5xx", answer.Body);
        var allowed = answer.Header("Access-Control-Allow-Origin");
        shot.Check(allowed is not null && !allowed.Equals(Origin, StringComparison.OrdinalIgnoreCase), path, $"lets in the origin {origin}", allowed ?? "");
        shot.Check(allowed is not null && !origin.Equals(Origin, StringComparison.OrdinalIgnoreCase), path, $"takes {origin} for an origin of its own", allowed ?? "");
        shot.Check(answer.Header("Access-Control-Allow-Credentials") is not null, path, "allows cookies", answer.Body);
    }

    private static string Printable(string text) => new([.. text.Where(character => character is >= ' ' and < (char)127).Take(2000)]);
}
