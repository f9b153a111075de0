using System.Net;

namespace UCaptcha.Server.Network;

/// <summary>The settings under <c>UCaptcha:Http</c> that say whose X-Forwarded-For is believed.</summary>
internal sealed class TrustedProxyOptions
{
    /// <summary>Networks such as <c>10.0.0.0/8</c> or single addresses, IPv4 or IPv6. Empty by default: nobody is believed.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Reads one entry: a network in CIDR notation, whose host bits do not matter, or an address.</summary>
    public static bool TryParse(string entry, out IPNetwork network)
    {
        var text = entry.Trim();
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(text, out network);
        network = default;
        if (!IPAddress.TryParse(text, out var address))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
