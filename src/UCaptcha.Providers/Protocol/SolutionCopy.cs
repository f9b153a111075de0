using System.Text.Json;
using System.Text.Json.Nodes;

namespace UCaptcha.Providers.Protocol;

/// <summary>Copies a solution into what everyone who reads it later takes: it is paid for, and must not be unreadable once it is stored.</summary>
internal static class SolutionCopy
{
    /// <summary>As many objects and arrays in one another as the contract holds.</summary>
    private const int Deepest = 30;

    /// <summary>Of members with the same name the last one stays, and what is nested too deep is kept as JSON in a string.</summary>
    public static JsonObject Of(JsonElement solution) => Members(solution, 1);

    private static JsonObject Members(JsonElement json, int depth)
    {
        var copy = new JsonObject();
        foreach (var member in json.EnumerateObject())
            copy[member.Name] = Node(member.Value, depth + 1);
        return copy;
    }

    private static JsonNode? Node(JsonElement json, int depth) => json.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array when depth > Deepest => JsonValue.Create(json.GetRawText()),
        JsonValueKind.Object => Members(json, depth),
        JsonValueKind.Array => new JsonArray([.. json.EnumerateArray().Select(item => Node(item, depth + 1))]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(json),
    };
}
