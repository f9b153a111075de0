using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using UCaptcha.Core;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Callbacks;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Server.Legacy.DeathByCaptcha;

/// <summary>The bodies of this API. JSON, as it is documented, or a urlencoded form for the clients that ask for one.</summary>
internal static class DeathByCaptchaAnswer
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>A captcha as it stands.</summary>
    public static JsonObject Captcha(TaskView task) => task.Status switch
    {
        TaskStatus.Ready => Captcha(task.Id.ToString(), correct: true, solved: true, SolutionCode.Of(task.Solution.Span)),
        TaskStatus.Failed => Failed(task.Id.ToString()),
        _ => Captcha(task.Id.ToString(), correct: true, solved: false),
    };

    /// <summary>The same four members with any values.</summary>
    public static JsonObject Captcha(string id, bool correct, bool solved, string text = "") =>
        new() { ["captcha"] = id, ["is_correct"] = correct, ["solved"] = solved, ["text"] = text };

    /// <summary>A refused call.</summary>
    public static JsonObject Refused(RefusedException refusal)
    {
        var body = new JsonObject { ["status"] = 255, ["error"] = DeathByCaptchaErrors.Find(refusal.Code).Word };
        // The documented refusal of a report has these two members and no more.
        if (refusal.Code is not (ErrorCodes.WrongCaptchaId or LegacyCodes.ReportNotRecorded))
            body["description"] = refusal.Message;
        return body;
    }

    /// <summary>The body as the caller wants it.</summary>
    public static IResult Write(HttpContext http, JsonObject body, int status = StatusCodes.Status200OK) =>
        http.Request.Headers.Accept.ToString().StartsWith(Form, StringComparison.OrdinalIgnoreCase)
            ? Results.Text(ToForm(body), Form, statusCode: status)
            : Results.Text(LegacyJson.Write(body), "application/json", statusCode: status);

    private static JsonObject Failed(string id)
    {
        var body = Captcha(id, correct: false, solved: true);
        body["error"] = "Task failed";
        return body;
    }

    private static string ToForm(JsonObject body) => QueryHelpers.AddQueryString("", body.Select(member => KeyValuePair.Create(member.Key, FormText(member.Value!))))[1..];

    private static string? FormText(JsonNode value) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.True => "1",
        System.Text.Json.JsonValueKind.False => "0",
        _ => value.ToString(),
    };
}
