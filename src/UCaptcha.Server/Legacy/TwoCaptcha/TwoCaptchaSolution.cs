using System.Text.Json;
using System.Text.Json.Nodes;
using UCaptcha.Server.Callbacks;

namespace UCaptcha.Server.Legacy.TwoCaptcha;

/// <summary>A solution as res.php gives it out: the token or text alone where there is one, else its members.</summary>
internal static class TwoCaptchaSolution
{
    /// <summary>What 2Captcha's JSON says beside a token, by the member of the solution.</summary>
    private static readonly (string Ours, string Theirs)[] Beside = [("userAgent", "useragent"), ("respKey", "respKey")];

    /// <summary>GeeTest v3 under the names that its page uses.</summary>
    private static readonly string[] GeeTest = ["challenge", "validate", "seccode"];

    public static TwoCaptchaAnswer Of(ReadOnlyMemory<byte> solution)
    {
        var members = JsonElement.Parse(solution.Span);
        var more = Beside
            .Where(pair => IsText(members, pair.Ours))
            .Select(pair => (pair.Theirs, (JsonNode)members.GetProperty(pair.Ours).GetString()!))
            .ToList();
        if ((SolutionCode.TokenOf(solution.Span) ?? CookieOf(members)) is { } text)
            return TwoCaptchaAnswer.Ok(text) with { More = more };
        var request = GeeTest.All(name => IsText(members, name))
            ? new JsonObject(GeeTest.Select(name => KeyValuePair.Create($"geetest_{name}", (JsonNode?)members.GetProperty(name).GetString())))
            : JsonObject.Create(members)!;
        return new TwoCaptchaAnswer($"OK|{LegacyJson.Write(request)}", 1, request) { More = more };
    }

    private static string? CookieOf(JsonElement members) => IsText(members, "cookie") ? members.GetProperty("cookie").GetString() : null;

    private static bool IsText(JsonElement members, string name) => members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
}
