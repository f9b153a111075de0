using System.Globalization;
using System.Text.Json;

namespace UCaptcha.Core.Tasks;

/// <summary>Reads a client's proxy, in five fields or in one string.</summary>
internal static class ProxyReading
{
    private static readonly string[] Types = ["http", "https", "socks4", "socks5"];

    /// <summary>The proxy, or null for a proxyless task: one that names no address, whatever port and type it sends.</summary>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.ProxyFormat"/>.</exception>
    public static ProxyEndpoint? Read(TaskMembers members)
    {
        var whole = Text(members, "proxy");
        var type = Text(members, "proxyType")?.ToLowerInvariant();
        var address = Text(members, "proxyAddress");
        var port = members.Claim("proxyPort");
        var login = Text(members, "proxyLogin");
        var password = Text(members, "proxyPassword");
        if (!string.IsNullOrWhiteSpace(whole))
            return ReadWhole(whole.Trim(), type);
        if (string.IsNullOrWhiteSpace(address))
            return null;
        return Make("task.proxyPort", type ?? "http", address.Trim(), port is { } value ? value.ToString() : "", login, password);
    }

    private static ProxyEndpoint ReadWhole(string text, string? type)
    {
        const string Field = "task.proxy";
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            (type, text) = (text[..scheme].ToLowerInvariant(), text[(scheme + 3)..]);
        string? login = null, password = null;
        var at = text.LastIndexOf('@');
        if (at >= 0)
        {
            var credentials = text[..at];
            var colon = credentials.IndexOf(':', StringComparison.Ordinal);
            (login, password) = colon < 0 ? (credentials, null) : (credentials[..colon], credentials[(colon + 1)..]);
            text = text[(at + 1)..].TrimEnd('/');
        }

        if (text.StartsWith('['))
        {
            var end = text.IndexOf("]:", StringComparison.Ordinal);
            return end < 0 ? throw Bad(Field) : Make(Field, type ?? "http", text[1..end], text[(end + 2)..], login, password);
        }

        var parts = text.TrimEnd('/').Split(':');
        // CapSolver's form: type:host:port[:user:password].
        if (parts.Length is 3 or 5 && Types.Contains(parts[0], StringComparer.OrdinalIgnoreCase))
            (type, parts) = (parts[0].ToLowerInvariant(), parts[1..]);
        return parts.Length switch
        {
            2 => Make(Field, type ?? "http", parts[0], parts[1], login, password),
            4 when at < 0 => Make(Field, type ?? "http", parts[0], parts[1], parts[2], parts[3]),
            _ => throw Bad(Field),
        };
    }

    private static ProxyEndpoint Make(string field, string type, string host, string port, string? login, string? password)
    {
        if (!Types.Contains(type, StringComparer.Ordinal))
            throw new RefusedException(ErrorCodes.ProxyFormat, "task.proxyType must be http, https, socks4 or socks5.", "task.proxyType");
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            throw new RefusedException(ErrorCodes.ProxyFormat, $"{field} must have a port between 1 and 65535.", field);
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new RefusedException(ErrorCodes.ProxyFormat, $"{(field == "task.proxyPort" ? "task.proxyAddress" : field)} must name a host.", field);
        return new ProxyEndpoint(type, host, number, NullIfEmpty(login), NullIfEmpty(password));
    }

    private static string? Text(TaskMembers members, string name)
    {
        if (members.Claim(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new RefusedException(ErrorCodes.ProxyFormat, $"task.{name} must be a string.", $"task.{name}");
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static RefusedException Bad(string field) => new(
        ErrorCodes.ProxyFormat, $"{field} must be type://user:pass@host:port, or user:pass@host:port with proxyType.", field);
}
