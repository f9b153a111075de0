using System.Buffers;
using System.Text;
using System.Text.Json;

namespace UCaptcha.Core.Keys;

/// <summary>A key's settings as the JSON object that is stored and audited. Only what differs from the defaults is written.</summary>
public static class KeySettingsJson
{
    /// <summary>The settings as compact JSON.</summary>
    public static string Write(KeySettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (settings.Dialect is { } dialect)
                writer.WriteString("dialect", dialect);
            if (settings.SpeedWeight != Defaults.SpeedWeight)
                writer.WriteNumber("speedWeight", settings.SpeedWeight);
            WriteList(writer, "allowedProviders", settings.AllowedProviders);
            WriteList(writer, "blockedProviders", settings.BlockedProviders);
            WriteList(writer, "allowedAddresses", settings.AllowedAddresses.Entries);
            WriteList(writer, "allowedDomains", settings.AllowedDomains.Entries);
            if (settings.RatePer10s is { } rate)
                writer.WriteNumber("ratePer10s", rate);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Settings that <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">A list has an entry that cannot be read; the message names it.</exception>
    public static KeySettings Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var members = document.RootElement;
        var addresses = List(members, "allowedAddresses");
        var domains = List(members, "allowedDomains");
        return new KeySettings
        {
            Dialect = members.TryGetProperty("dialect", out var dialect) ? dialect.GetString() : null,
            SpeedWeight = members.TryGetProperty("speedWeight", out var weight) ? weight.GetInt32() : Defaults.SpeedWeight,
            AllowedProviders = List(members, "allowedProviders"),
            BlockedProviders = List(members, "blockedProviders"),
            AllowedAddresses = AddressRules.TryParse(addresses, out var addressRules, out var badAddress)
                ? addressRules
                : throw new FormatException($"allowedAddresses has '{badAddress}', which is no address or CIDR range."),
            AllowedDomains = DomainRules.TryParse(domains, out var domainRules, out var badDomain)
                ? domainRules
                : throw new FormatException($"allowedDomains has '{badDomain}', which is no domain name."),
            RatePer10s = members.TryGetProperty("ratePer10s", out var rate) ? rate.GetInt32() : null,
        };
    }

    private static KeySettings Defaults { get; } = new();

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> entries)
    {
        if (entries.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var entry in entries)
            writer.WriteStringValue(entry);
        writer.WriteEndArray();
    }

    private static IReadOnlyList<string> List(JsonElement members, string name) =>
        members.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(entry => entry.GetString()!)] : [];
}
