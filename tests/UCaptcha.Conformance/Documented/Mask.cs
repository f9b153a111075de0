using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UCaptcha.Conformance.Documented;

/// <summary>Makes two answers comparable byte by byte: what differs from call to call becomes its kind, and everything else stays.</summary>
internal static class Mask
{
    private static readonly string[] Numbers = ["taskId", "cost", "balance", "captchaCredits", "createTime", "endTime", "solveTime", "solveCount"];

    /// <summary>The answer without spaces, members in their order, ids, numbers, times, addresses and sentences masked.</summary>
    public static string Of(JsonObject answer, DocumentedExample example)
    {
        var refused = answer["errorCode"]?.GetValueKind() == JsonValueKind.String && (string)answer["errorCode"]! != "";
        var members = answer.Select(member => KeyValuePair.Create(member.Key, Member(member.Key, member.Value, example, refused)));
        if (example.Order == "any")
            members = members.OrderBy(member => member.Key, StringComparer.Ordinal);
        return new JsonObject(members).ToJsonString();
    }

    private static JsonNode? Member(string name, JsonNode? value, DocumentedExample example, bool refused) => (name, value?.GetValueKind()) switch
    {
        ("solution", JsonValueKind.Object) => Solution(value!, asItIs: example.Task is not null),
        ("message", JsonValueKind.String) when !example.Exact.Contains(name) => "<text>",
        ("errorDescription", JsonValueKind.String) when refused && !example.Exact.Contains(name) => "<text>",
        ("ip", JsonValueKind.String) when IPAddress.TryParse((string)value!, out _) => "<ip>",
        (_, JsonValueKind.Number) when Numbers.Contains(name) => "<number>",
        (_, JsonValueKind.String) when Numbers.Contains(name) => Text((string)value!),
        _ => value?.DeepClone(),
    };

    private static string Text(string text)
    {
        if (Guid.TryParse(text, out _))
            return "<uuid>";
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            return text;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return $"<number with {(point < 0 ? 0 : text.Length - point - 1)} decimals in a string>";
    }

    /// <summary>
    /// A solution is compared as it is when the account was told to give that one; 69.0 and 69 are one number, and a provider's order of members is its own.
    /// </summary>
    private static JsonNode? Solution(JsonNode? value, bool asItIs) => value switch
    {
        JsonObject members => new JsonObject(
            members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Solution(member.Value, asItIs)))),
        JsonArray items => new JsonArray([.. items.Select(item => Solution(item, asItIs))]),
        not null when !asItIs && value.GetValueKind() == JsonValueKind.String => "<text>",
        not null when value.GetValueKind() == JsonValueKind.Number => (double)value,
        _ => value?.DeepClone(),
    };
}
