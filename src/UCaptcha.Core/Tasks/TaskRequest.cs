using System.Text.Json;

namespace UCaptcha.Core.Tasks;

/// <summary>What a client wants solved: the task object as it came, and what the catalogue read in it. Immutable.</summary>
public sealed class TaskRequest
{
    private readonly IReadOnlyDictionary<string, JsonElement> _fields;

    internal TaskRequest(
        CaptchaFamily family,
        string type,
        ReadOnlyMemory<byte> json,
        ProxyEndpoint? proxy,
        string? pageHost,
        IReadOnlyDictionary<string, JsonElement> fields,
        IReadOnlyList<KeyValuePair<string, JsonElement>> extras)
    {
        Family = family;
        Type = type;
        Json = json;
        Proxy = proxy;
        PageHost = pageHost;
        Extras = extras;
        _fields = fields;
    }

    /// <summary>The family that the type, and flags such as isEnterprise, name.</summary>
    public CaptchaFamily Family { get; }

    /// <summary>The type as the client wrote it.</summary>
    public string Type { get; }

    /// <summary>The task object as UTF-8 JSON, as it came.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The client's proxy, or null for a proxyless task.</summary>
    public ProxyEndpoint? Proxy { get; }

    /// <summary>The host of the page in lower case, without a trailing dot, or null for a task without a page.</summary>
    public string? PageHost { get; }

    /// <summary>Members that neither the family's fields nor the proxy claimed, by the name the client wrote.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Extras { get; }

    /// <summary>A field by its canonical name, or null when the client did not send it.</summary>
    public JsonElement? this[string field] => _fields.TryGetValue(field, out var value) ? value : null;

    /// <summary>A field's text by its canonical name, or null.</summary>
    public string? Text(string field) =>
        _fields.TryGetValue(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
