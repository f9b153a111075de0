using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Profiles;

namespace UCaptcha.Providers.Protocol;

/// <summary>Says a task in a service's own words.</summary>
internal static class TaskTranslator
{
    public static JsonObject Translate(ProviderProfile profile, TaskRequest task)
    {
        if (profile.PassesThrough)
            return JsonNode.Parse(task.Json.Span)!.AsObject();
        var mapping = profile.Families[task.Family.Name];
        var vendor = new JsonObject { ["type"] = task.Proxy is null ? mapping.Type : mapping.ProxiedType };
        foreach (var (canonical, path) in mapping.Fields)
        {
            if (task[canonical] is { } value)
                Set(vendor, path, Value(mapping, canonical, value));
        }

        if (mapping.Scores.Count > 0 && task["minScore"] is null)
            vendor["minScore"] = mapping.Scores[0];
        foreach (var (name, json) in mapping.Constants)
            vendor[name] = JsonNode.Parse(json);
        if (task.Proxy is { } proxy)
            AddProxy(profile, vendor, proxy);
        return vendor;
    }

    private static JsonNode? Value(FamilyMapping mapping, string canonical, JsonElement value)
    {
        if (canonical != "minScore" || mapping.Scores.Count == 0)
            return JsonNode.Parse(value.GetRawText());
        var wanted = value.GetDouble();
        return mapping.Scores.FirstOrDefault(score => score >= wanted, mapping.Scores[^1]);
    }

    private static void Set(JsonObject target, string path, JsonNode? value)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            target[path] = value;
            return;
        }

        if (target[path[..dot]] is not JsonObject inner)
            target[path[..dot]] = inner = [];
        Set(inner, path[(dot + 1)..], value);
    }

    private static void AddProxy(ProviderProfile profile, JsonObject vendor, ProxyEndpoint proxy)
    {
        if (profile.ProxyInOneString)
        {
            var login = proxy.Login is null ? "" : $":{proxy.Login}:{proxy.Password}";
            vendor["proxy"] = string.Create(CultureInfo.InvariantCulture, $"{proxy.Type}:{proxy.Host}:{proxy.Port}{login}");
            return;
        }

        vendor["proxyType"] = proxy.Type;
        vendor["proxyAddress"] = proxy.Host;
        vendor["proxyPort"] = proxy.Port;
        if (proxy.Login is not null)
            vendor["proxyLogin"] = proxy.Login;
        if (proxy.Password is not null)
            vendor["proxyPassword"] = proxy.Password;
    }
}
