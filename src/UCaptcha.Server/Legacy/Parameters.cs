using System.Text.Json;

namespace UCaptcha.Server.Legacy;

/// <summary>What a caller of an older API sent, by name without case: form fields, query and JSON members alike, files as base64. Null and empty count as absent.</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names that were sent.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Adds a value unless there is one of that name already.</summary>
    public void Add(string name, JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) && !IsEmpty(value))
            _values.TryAdd(name, value);
    }

    /// <summary>Adds a text unless there is a value of that name already.</summary>
    public void Add(string name, string text) => Add(name, JsonSerializer.SerializeToElement(text));

    /// <summary>Adds the members of a JSON object.</summary>
    /// <exception cref="InvalidOperationException">A text in it has half a surrogate pair.</exception>
    public void AddMembers(JsonElement members)
    {
        ReadTexts(members);
        foreach (var member in members.EnumerateObject())
            Add(member.Name, member.Value);
    }

    /// <summary>A value, or null when it was not sent.</summary>
    public JsonElement? this[string name] => _values.TryGetValue(name, out var value) ? value : null;

    /// <summary>A value as text, or null when it was not sent.</summary>
    public string? Text(string name) => this[name]?.ToString();

    /// <summary>Whether a value is 1 or true.</summary>
    public bool IsOn(string name) => Text(name) is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));

    // The parser leaves texts unread; what is wrong in them would come out only when they are used.
    private static void ReadTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    ReadTexts(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    ReadTexts(member.Value);
                }

                break;
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals("");
}
