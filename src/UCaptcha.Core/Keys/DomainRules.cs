using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace UCaptcha.Core.Keys;

/// <summary>A list of domains: <c>example.com</c> is it and its subdomains, <c>*.example.com</c> only these, an address is itself.</summary>
public sealed class DomainRules
{
    private static readonly IdnMapping Idn = new();

    private readonly HashSet<string> _withSubdomains;
    private readonly HashSet<string> _onlySubdomains;

    private DomainRules(HashSet<string> withSubdomains, HashSet<string> onlySubdomains, IReadOnlyList<string> entries) =>
        (_withSubdomains, _onlySubdomains, Entries) = (withSubdomains, onlySubdomains, entries);

    /// <summary>The empty list.</summary>
    public static DomainRules None { get; } = new([], [], []);

    /// <summary>The list as it was written.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>Whether the list is empty.</summary>
    public bool IsEmpty => _withSubdomains.Count == 0 && _onlySubdomains.Count == 0;

    /// <summary>Reads a list of domains, international ones too.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="rules">The list, when every entry could be read.</param>
    /// <param name="bad">The first entry that could not.</param>
    public static bool TryParse(IReadOnlyList<string> entries, [NotNullWhen(true)] out DomainRules? rules, [NotNullWhen(false)] out string? bad)
    {
        var (withSubdomains, onlySubdomains) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var entry in entries)
        {
            var wildcard = entry.StartsWith("*.", StringComparison.Ordinal);
            if (Normalise(wildcard ? entry[2..] : entry) is not { } domain)
            {
                (rules, bad) = (null, entry);
                return false;
            }

            (wildcard ? onlySubdomains : withSubdomains).Add(domain);
        }

        (rules, bad) = (entries.Count == 0 ? None : new DomainRules(withSubdomains, onlySubdomains, [.. entries]), null);
        return true;
    }

    /// <summary>The host of a URL in ASCII and without brackets; null when it has no such form, as a name that is too long for DNS.</summary>
    public static string? AsciiHostOf(Uri url)
    {
        try
        {
            return url.HostNameType == UriHostNameType.IPv6 ? url.Host.Trim('[', ']') : url.IdnHost;
        }
        catch (UriFormatException)
        {
            // Found out only when it is asked for.
            return null;
        }
    }

    /// <summary>A host in the one form that is compared: lower case, ASCII, no trailing dot, no brackets; null when it is none.</summary>
    public static string? Normalise(string host)
    {
        var text = host.Trim().TrimEnd('.');
        if (IPAddress.TryParse(text, out var address))
            return address.ToString();
        if (text.Length == 0 || Uri.CheckHostName(text) != UriHostNameType.Dns)
            return null;
        try
        {
            return Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether a host, in normalised form, is on the list.</summary>
    public bool Matches(string host)
    {
        if (_withSubdomains.Contains(host))
            return true;
        if (IPAddress.TryParse(host, out _))
            return false;
        for (var dot = host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.', dot + 1))
        {
            var parent = host[(dot + 1)..];
            if (_withSubdomains.Contains(parent) || _onlySubdomains.Contains(parent))
                return true;
        }

        return false;
    }
}
