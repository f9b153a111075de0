using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace UCaptcha.Server.Legacy.TwoCaptcha;

/// <summary>An answer of in.php or res.php, in plain text and in JSON.</summary>
/// <param name="Plain">The plain text.</param>
/// <param name="Status">1 for what was asked for, 0 for anything else.</param>
/// <param name="Request">The JSON value of <c>request</c>.</param>
internal sealed record TwoCaptchaAnswer(string Plain, int Status, JsonNode Request)
{
    private const string Good = "OK|";

    /// <summary>The HTTP status.</summary>
    public int Http { get; init; } = StatusCodes.Status200OK;

    /// <summary>Members that 2Captcha's own JSON has beside these.</summary>
    public IReadOnlyList<(string Name, JsonNode Value)> More { get; init; } = [];

    /// <summary>The plain text without OK in front.</summary>
    public string Text => Plain.StartsWith(Good, StringComparison.Ordinal) ? Plain[Good.Length..] : Plain;

    /// <summary>The plain text is the JSON value too.</summary>
    public static TwoCaptchaAnswer Word(string word, int status = 1) => new(word, status, word);

    /// <summary>The plain text has OK in front.</summary>
    public static TwoCaptchaAnswer Ok(string text) => new(Good + text, 1, text);

    /// <summary>The answer as a call wants it.</summary>
    public IResult For(TwoCaptchaCall call, HttpContext http)
    {
        if (call.AnyOrigin)
            http.Response.Headers[HeaderNames.AccessControlAllowOrigin] = "*";
        var status = call.Vendor ? StatusCodes.Status200OK : Http;
        return call.Json
            ? Results.Text(LegacyJson.Write(ToJson(call.Vendor)), "application/json", statusCode: status)
            : Results.Text(Plain, "text/plain", System.Text.Encoding.UTF8, status);
    }

    private JsonObject ToJson(bool vendor)
    {
        var members = new JsonObject { ["status"] = Status, ["request"] = Request };
        foreach (var (name, value) in vendor ? More : [])
            members[name] = value;
        return members;
    }
}
