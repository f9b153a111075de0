using System.Text.Json;

namespace UCaptcha.Fuzz;

/// <summary>What every answer of a surface looks like.</summary>
/// <param name="Statuses">The HTTP statuses that it may have.</param>
/// <param name="Fits">Whether a body belongs to it.</param>
internal sealed record Shape(IReadOnlySet<int> Statuses, Func<Answer, bool> Fits)
{
    /// <summary>Whether a body is JSON lines or events, as streams are.</summary>
    public static bool IsStream(Answer answer) => answer.Type is "application/x-ndjson" or "text/event-stream";

    /// <summary>The body as a JSON object, or null.</summary>
    public static JsonElement? Object(Answer answer)
    {
        try
        {
            return JsonElement.Parse(answer.Body) is { ValueKind: JsonValueKind.Object } members ? members : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
