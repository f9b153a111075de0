using System.Globalization;
using System.Net;
using UCaptcha.Core.Keys;

namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Refuses at createTask what can be seen from the URL alone. What a name resolves to is checked by <see cref="CallbackConnector"/> when it is called.
/// </summary>
internal sealed class CallbackUrlCheck(CallbackAddressPolicy policy)
{
    /// <summary>The longest URL that is taken, in characters.</summary>
    public const int MaxLength = 2048;

    private const string NotPublic = "callbackUrl must lead to a public host.";

    // Names that mean a machine of this network wherever they are asked for (RFC 6761, 6762, 8375; .internal is ICANN's private one).
    private static readonly string[] PrivateSuffixes = [".localhost", ".localdomain", ".local", ".internal", ".home.arpa"];

    /// <summary>A sentence that says what is wrong with the URL, or null when it may be kept.</summary>
    public string? Check(string url)
    {
        if (url.Length > MaxLength)
            return $"callbackUrl must not be longer than {MaxLength} characters.";
        if (url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || !IsHttp(parsed) || DomainRules.AsciiHostOf(parsed) is not { } host)
            return "callbackUrl must be a full http or https URL.";
        if (parsed.UserInfo.Length > 0)
            return "callbackUrl must not hold a user name or password.";
        if (!policy.AllowsPort(parsed.Port))
            return $"callbackUrl must use one of the ports {policy.PortList}.";
        return policy.AllowsPrivateNetworks || IsPublicHost(host) ? null : NotPublic;
    }

    private static bool IsHttp(Uri url) => (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0;

    // Uri and IPAddress both read the old forms of IPv4 addresses: decimal, octal, hexadecimal, with fewer than four parts.
    private static bool IsPublicHost(string host)
    {
        var name = host.TrimEnd('.');
        if (IPAddress.TryParse(name, out var address))
            return CallbackAddressPolicy.IsPublic(address);
        var dot = name.LastIndexOf('.');
        return dot > 0
            && !IsNumber(name.AsSpan(dot + 1))
            && !Array.Exists(PrivateSuffixes, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    // A host whose last label is a number is meant as an address (WHATWG URL, "ends in a number").
    private static bool IsNumber(ReadOnlySpan<char> label) =>
        label.IndexOfAnyExceptInRange('0', '9') < 0
        || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && (label.Length == 2 || ulong.TryParse(label[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)));
}
