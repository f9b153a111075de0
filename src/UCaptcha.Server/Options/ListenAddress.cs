using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace UCaptcha.Server.Options;

/// <summary>Where a surface listens: <c>http://host:port</c> or https, host an address, <c>localhost</c> or <c>*</c>, port 0 for a free one.</summary>
internal sealed record ListenAddress(string Host, int Port, bool IsTls = false)
{
    public static ListenAddress? Parse(string url)
    {
        var text = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            return null;
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            return null;
        var host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host.Trim('[', ']') : uri.Host;
        return host == "localhost" || IPAddress.TryParse(host, out _) ? new ListenAddress(host, uri.Port, uri.Scheme == Uri.UriSchemeHttps) : null;
    }

    /// <summary>The same as addresses of sockets are written.</summary>
    public IPEndPoint EndPoint
    {
        get
        {
            // Kestrel cannot choose one free port for both loopback addresses, so localhost is 127.0.0.1.
            var address = Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);
            return new IPEndPoint(address.Equals(IPAddress.Any) ? IPAddress.IPv6Any : address, Port);
        }
    }

    public void Listen(KestrelServerOptions kestrel, Action<ListenOptions> configure) => kestrel.Listen(EndPoint, configure);
}
