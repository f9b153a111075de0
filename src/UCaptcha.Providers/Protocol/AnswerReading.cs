using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Providers.Protocol;

/// <summary>Reads what services of the family answer, whichever JSON types they choose.</summary>
internal static class AnswerReading
{
    private const int LongestDescription = 300;
    private const int LongestCode = 100;
    private const int LongestId = 256;

    /// <summary>Whether the answer says that something is wrong: a non-zero errorId, or an error code where success has none.</summary>
    public static bool IsError(JsonElement answer) => answer.TryGetProperty("errorId", out var id)
        ? id.ValueKind switch
        {
            JsonValueKind.Number => id.GetDouble() != 0,
            JsonValueKind.String => id.GetString() is not ("" or "0"),
            _ => false,
        }
        : Text(answer, "errorCode").Length > 0;

    public static ProviderError Error(UpstreamAnswer answer, JsonElement json, bool proxied)
    {
        var code = Text(json, "errorCode");
        if (code.Length == 0)
            code = json.TryGetProperty("errorId", out var id) ? Kept($"ERROR_ID_{id}") : "ERROR_UNKNOWN";
        code = Cut(code, LongestCode);
        var description = Cut(Text(json, "errorDescription"), LongestDescription);
        // CapSolver names a wrong key in a sentence only.
        var errorClass = description.Contains("clientKey is invalid", StringComparison.OrdinalIgnoreCase)
            ? ErrorClass.Account
            : ErrorCatalogue.Classify(code, proxied);
        return new ProviderError(errorClass, code, description, answer.RetryAfter);
    }

    /// <summary>A task id as text, or null when there is none: absent, empty, zero or nothing that could be an id.</summary>
    public static string? TaskId(JsonElement answer)
    {
        if (!answer.TryGetProperty("taskId", out var id))
            return null;
        var text = id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id.ToString() : "";
        return text is "" or "0" || text.Length > LongestId || text.Any(char.IsControl) ? null : text;
    }

    /// <summary>A member that is text, without what no database keeps; empty when there is none.</summary>
    public static string Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Kept(value.GetString()!) : "";

    /// <summary>Whether every name and text in it can be read: half a surrogate pair or broken UTF-8 passes a JSON parser.</summary>
    public static bool IsReadable(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Array => json.EnumerateArray().All(IsReadable),
                JsonValueKind.Object => json.EnumerateObject().All(member => member.Name is not null && IsReadable(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Money as number or string.</summary>
    public static Usd? Money(JsonElement answer, string name)
    {
        if (!answer.TryGetProperty(name, out var value) || value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String))
            return null;
        return decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var dollars) && dollars is >= -1_000_000 and <= 1_000_000
            ? Usd.FromDollars(dollars)
            : null;
    }

    /// <summary>The solution with its token under every name that clients look for, or null when there is none.</summary>
    public static UpstreamSolution? Solution(JsonElement answer, TaskRequest task)
    {
        if (!answer.TryGetProperty("solution", out var solution) || solution.ValueKind != JsonValueKind.Object || !solution.EnumerateObject().Any())
            return null;
        var json = SolutionCopy.Of(solution);
        if (task.Family.Name.StartsWith("Recaptcha", StringComparison.Ordinal) || task.Family.Name == "HCaptcha")
        {
            Copy(json, "gRecaptchaResponse", "token");
            Copy(json, "token", "gRecaptchaResponse");
        }

        return new UpstreamSolution(JsonSerializer.SerializeToUtf8Bytes(json, JsonNodes.Default.JsonObject), Money(answer, "cost") is { Micros: >= 0 } cost ? cost : null);
    }

    private static string Kept(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        // Half of a character outside the basic plane is no text.
        return char.IsHighSurrogate(text[longest - 1]) ? text[..(longest - 1)] : text[..longest];
    }

    private static void Copy(JsonObject json, string from, string to)
    {
        if (json[to] is null && json[from] is JsonValue value)
            json[to] = value.DeepClone();
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class JsonNodes : System.Text.Json.Serialization.JsonSerializerContext;
