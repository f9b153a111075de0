using System.Net;
using System.Net.Sockets;

namespace UCaptcha.Server.Callbacks;

/// <summary>Where callbacks may go. Pure: it resolves nothing.</summary>
internal sealed class CallbackAddressPolicy(CallbackOptions options)
{
    // The IANA special-purpose registries (RFC 6890 and its updates), multicast and what is reserved.
    private static readonly IPNetwork[] SpecialV4 = Networks(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", // private
        "100.64.0.0/10", // carrier-grade NAT
        "127.0.0.0/8", // loopback
        "168.63.129.16/32", // the host of an Azure machine
        "169.254.0.0/16", // link-local, and the metadata of most clouds
        "172.16.0.0/12", // private
        "192.0.0.0/24", // protocol assignments
        "192.0.2.0/24", // documentation
        "192.88.99.0/24", // 6to4 relays
        "192.168.0.0/16", // private
        "198.18.0.0/15", // benchmarks
        "198.51.100.0/24", // documentation
        "203.0.113.0/24", // documentation
        "224.0.0.0/4", // multicast
        "240.0.0.0/4"); // reserved, and broadcast

    // All that is handed out to anyone. Loopback, unique-local, link-local, multicast and the NAT64 prefixes lie outside.
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 = Networks(
        "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32", // documentation
        "2002::/16", // 6to4
        "3fff::/20"); // documentation

    private readonly HashSet<int> _ports = [.. options.Ports.Count == 0 ? CallbackOptions.DefaultPorts : options.Ports.AsReadOnly()];

    /// <summary>Whether everything is allowed.</summary>
    public bool AllowsPrivateNetworks => options.AllowPrivateNetworks;

    /// <summary>The allowed ports, for a sentence.</summary>
    public string PortList => string.Join(", ", _ports.Order());

    /// <summary>Whether the address is reachable for anyone on the internet. An IPv4 address in IPv6 notation is judged as itself.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(SpecialV4, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => GlobalV6.Contains(address) && !Array.Exists(SpecialV6, network => network.Contains(address)),
            _ => false,
        };
    }

    /// <summary>Whether a callback may go to the address.</summary>
    public bool Allows(IPAddress address) => AllowsPrivateNetworks || IsPublic(address);

    /// <summary>Whether a callback may go to the port.</summary>
    public bool AllowsPort(int port) => AllowsPrivateNetworks || _ports.Contains(port);

    private static IPNetwork[] Networks(params string[] networks) => Array.ConvertAll(networks, IPNetwork.Parse);
}
