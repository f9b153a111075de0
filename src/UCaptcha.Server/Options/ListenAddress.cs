using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace UCaptcha.Server.Options;

/// <summary>Where a surface listens: <c>http://host:port</c> or https, host an address, <c>localhost</c> or <c>*</c>, port 0 for a free one.</summary>
internal sealed record ListenAddress(string Host, int Port, bool IsTls = false)
{
    private const string Everywhere = "*";

    public static ListenAddress? Parse(string url)
    {
        var text = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        var isEverywhere = text != url;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            return null;
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            return null;
        var host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host.Trim('[', ']') : uri.Host;
        if (isEverywhere)
            return host == "0.0.0.0" ? new ListenAddress(Everywhere, uri.Port, uri.Scheme == Uri.UriSchemeHttps) : null;
        return host == "localhost" || IPAddress.TryParse(host, out _) ? new ListenAddress(host, uri.Port, uri.Scheme == Uri.UriSchemeHttps) : null;
    }

    /// <summary>The same as addresses of sockets are written.</summary>
    public IPEndPoint EndPoint => new(
        Host switch
        {
            // Kestrel cannot choose one free port for both loopback addresses, so localhost is 127.0.0.1.
            "localhost" => IPAddress.Loopback,
            // Kestrel takes IPv4 by it as well.
            Everywhere => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
            _ => IPAddress.Parse(Host),
        },
        Port);

    public void Listen(KestrelServerOptions kestrel, Action<ListenOptions> configure) => kestrel.Listen(EndPoint, configure);
}
