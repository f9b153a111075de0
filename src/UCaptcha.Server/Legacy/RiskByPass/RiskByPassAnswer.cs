using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using UCaptcha.Core;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Callbacks;
using UCaptcha.Server.Errors;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Server.Legacy.RiskByPass;

/// <summary>The bodies of this API.</summary>
internal static class RiskByPassAnswer
{
    /// <summary>A task as it stands. Queued: no account has been tried yet.</summary>
    public static IResult Result(TaskView task) => Json(task.Status switch
    {
        TaskStatus.Ready => new JsonObject { ["status"] = "SUCCESS", ["result"] = Solution(task.Solution) },
        TaskStatus.Failed => new JsonObject { ["status"] = "FAILED", ["error"] = "Task failed" },
        _ => new JsonObject { ["status"] = task.Attempt == 0 ? "QUEUED" : "RUNNING" },
    });

    /// <summary>A task that does not exist. 200, for clients ask on at any other status.</summary>
    public static IResult NotFound() => Json(new JsonObject { ["status"] = "NOT_FOUND" });

    /// <summary>What went well.</summary>
    public static IResult Ok(string name, JsonNode value) => Json(new JsonObject { ["ok"] = true, [name] = value });

    /// <summary>A refused call.</summary>
    public static IResult Refuse(HttpContext http, RefusedException refusal)
    {
        var (code, status) = refusal.Code switch
        {
            LegacyCodes.BodyTooLarge => (ErrorCodes.BadParameters, StatusCodes.Status413PayloadTooLarge),
            LegacyCodes.MethodNotAllowed => (ErrorCodes.NoSuchMethod, StatusCodes.Status405MethodNotAllowed),
            _ => (refusal.Code, ErrorTable.HttpStatus(refusal.Code)),
        };
        var error = code == ErrorCodes.KeyDoesNotExist ? "Invalid or missing API key" : $"{code}: {refusal.Message.Replace("task.type ", "task_type ", StringComparison.Ordinal)}";
        return Json(new JsonObject { ["ok"] = false, ["error"] = error }, status);
    }

    /// <summary>The solution's members, and under the names of this API the token and the browser that goes with it.</summary>
    private static JsonNode Solution(ReadOnlyMemory<byte> solution)
    {
        var members = JsonElement.Parse(solution.Span);
        var buffer = new ArrayBufferWriter<byte>(solution.Length + 64);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (!members.TryGetProperty("token", out _) && SolutionCode.TokenOf(solution.Span) is { } token)
                writer.WriteString("token", token);
            if (!members.TryGetProperty("ua", out _) && members.TryGetProperty("userAgent", out var userAgent))
            {
                writer.WritePropertyName("ua");
                userAgent.WriteTo(writer);
            }

            foreach (var member in members.EnumerateObject())
                member.WriteTo(writer);
            writer.WriteEndObject();
        }

        return JsonObject.Create(JsonElement.Parse(buffer.WrittenSpan))!;
    }

    private static IResult Json(JsonObject body, int status = StatusCodes.Status200OK) =>
        Results.Text(LegacyJson.Write(body), "application/json", Encoding.UTF8, status);
}
