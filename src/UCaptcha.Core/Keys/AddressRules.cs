using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace UCaptcha.Core.Keys;

/// <summary>A list of addresses and CIDR ranges. IPv4 addresses that come mapped into IPv6 count as IPv4.</summary>
public sealed class AddressRules
{
    private const int MappedPrefix = 96;

    private readonly IPNetwork[] _networks;

    private AddressRules(IPNetwork[] networks, IReadOnlyList<string> entries) => (_networks, Entries) = (networks, entries);

    /// <summary>The empty list, which stands for no restriction.</summary>
    public static AddressRules Any { get; } = new([], []);

    /// <summary>The list as it was written.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>Whether the list is empty.</summary>
    public bool IsEmpty => _networks.Length == 0;

    /// <summary>Reads entries such as <c>203.0.113.7</c> and <c>2001:db8::/32</c>.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="rules">The list, when every entry could be read.</param>
    /// <param name="bad">The first entry that could not.</param>
    public static bool TryParse(IReadOnlyList<string> entries, [NotNullWhen(true)] out AddressRules? rules, [NotNullWhen(false)] out string? bad)
    {
        var networks = new IPNetwork[entries.Count];
        for (var i = 0; i < networks.Length; i++)
        {
            if (!TryParse(entries[i], out var network))
            {
                (rules, bad) = (null, entries[i]);
                return false;
            }

            networks[i] = Plain(network);
        }

        (rules, bad) = (networks.Length == 0 ? Any : new AddressRules(networks, [.. entries]), null);
        return true;
    }

    /// <summary>Whether an address is on the list.</summary>
    public bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(network => network.Contains(plain));
    }

    private static bool TryParse(string entry, out IPNetwork network)
    {
        if (IPNetwork.TryParse(entry, out network))
            return true;
        if (!IPAddress.TryParse(entry, out var address))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    private static IPNetwork Plain(IPNetwork network) => network is { BaseAddress.IsIPv4MappedToIPv6: true, PrefixLength: >= MappedPrefix }
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefix)
        : network;
}
