using System.Text.Json;
using UCaptcha.Core.Keys;

namespace UCaptcha.Core.Tasks;

/// <summary>Brings the members of a task to a family's fields.</summary>
internal static class TaskReading
{
    private static readonly JsonElement True = JsonElement.Parse("true");

    public static TaskRequest Read(NamedFamily named, string type, ReadOnlyMemory<byte> json, TaskMembers members)
    {
        var family = named.Family;
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        string? host = null;
        foreach (var field in family.Fields)
        {
            if (Find(field, members) is not { } value)
            {
                if (field.Required)
                    throw Missing(field);
                continue;
            }

            var read = FieldValue.Read(field, value);
            if (field.Required && read.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(read.GetString()))
                throw Missing(field);
            if (field.Kind == TaskFieldKind.Url && read.GetString() is { Length: > 0 } url)
                host = HostOf(field, url);
            fields[field.Name] = read;
        }

        if (named.Invisible)
            fields["isInvisible"] = True;
        var proxy = ProxyReading.Read(members);
        if (named.Proxyless || family.Proxy == ProxyUse.Never)
            proxy = null;
        if (proxy is null && family.Proxy == ProxyUse.Required)
            throw new RefusedException(ErrorCodes.BadProxy, $"task.proxyAddress is missing: {family.Name} needs a proxy.", "task.proxyAddress");
        return new TaskRequest(family, type, json, proxy, host, fields, [.. members.Unclaimed]);
    }

    private static JsonElement? Find(TaskField field, TaskMembers members)
    {
        var found = members.Claim(field.Name);
        foreach (var alias in field.Aliases)
            found ??= members.Claim(alias);
        return found;
    }

    private static RefusedException Missing(TaskField field) => new(field.ErrorCode, $"task.{field.Name} is missing.", $"task.{field.Name}");

    private static string HostOf(TaskField field, string url)
    {
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || DomainRules.AsciiHostOf(uri) is not { } ascii
            || DomainRules.Normalise(ascii) is not { } host)
            throw new RefusedException(field.ErrorCode, $"task.{field.Name} must be a full http or https URL.", $"task.{field.Name}");
        return host;
    }
}
