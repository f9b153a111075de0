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

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The media type, or empty.</param>
/// <param name="RetryAfter">Whether it says when to try again.</param>
/// <param name="Body">The body, or what there was of it.</param>
internal sealed record Answer(int Status, string Type, bool RetryAfter, string Body)
{
    /// <summary>The request did not get through whole, and its answer is not known.</summary>
    public static Answer Unsent { get; } = new(0, "", false, "");
}
