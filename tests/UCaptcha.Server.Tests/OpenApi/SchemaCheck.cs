using System.Text.Json;

namespace UCaptcha.Server.Tests.OpenApi;

/// <summary>Checks values against the schemas of a document, for the keywords that it uses. Stricter than JSON Schema: members that no keyword names are misfits.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly string[] Known =
        ["$ref", "description", "type", "format", "properties", "required", "additionalProperties", "items", "enum"];

    /// <summary>What does not fit, each with its path.</summary>
    public IEnumerable<string> Misfits(JsonElement value, JsonElement schema, string path = "$")
    {
        var unknown = schema.EnumerateObject().Select(keyword => keyword.Name).Except(Known).Select(name => $"{path}: the check does not know {name}");
        return unknown.Concat(schema.TryGetProperty("$ref", out var reference) ? Misfits(value, Follow(reference.GetString()!), path) : OwnMisfits(value, schema, path));
    }

    private IEnumerable<string> OwnMisfits(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("type", out var type) && !TypesOf(type).Any(name => Is(value, name)))
            return [$"{path}: {value.GetRawText()} is not of type {type.GetRawText()}"];
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
            return [$"{path}: {value.GetRawText()} is none of {allowed.GetRawText()}"];
        return value.ValueKind switch
        {
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().SelectMany((item, i) => Misfits(item, items, $"{path}[{i}]")),
            JsonValueKind.Object when schema.TryGetProperty("type", out _) => MemberMisfits(value, schema, path),
            _ => [],
        };
    }

    private IEnumerable<string> MemberMisfits(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
                yield return $"{path}: {name} is missing";
        }

        foreach (var member in value.EnumerateObject())
        {
            var inner = default(JsonElement);
            var isNamed = schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out inner);
            if (!isNamed && !schema.TryGetProperty("additionalProperties", out inner))
                yield return $"{path}: {member.Name} is not in the schema";
            else
            {
                foreach (var misfit in Misfits(member.Value, inner, $"{path}.{member.Name}"))
                    yield return misfit;
            }
        }
    }

    private JsonElement Follow(string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, (element, name) => element.GetProperty(name));

    private static IEnumerable<string> TypesOf(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => false,
    };
}
