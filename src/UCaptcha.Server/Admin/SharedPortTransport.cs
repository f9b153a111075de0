using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace UCaptcha.Server.Admin;

/// <summary>
/// Lets HTTP/1.1 and HTTP/2 without TLS share a port, which Kestrel by itself cannot: it listens once and hands each connection to the
/// protocol that its first bytes are of.
/// </summary>
internal sealed class SharedPortTransport(IOptions<SocketTransportOptions> options, ILoggerFactory loggers, TimeProvider clock)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);
    private readonly ConcurrentDictionary<IPEndPoint, SharedPortListener> _waiting = new(ReferenceEqualityComparer.Instance);

    public bool CanBind(EndPoint endpoint) => endpoint is SharedPort;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var half = (SharedPort)endpoint;
        if (_waiting.TryRemove(half.Port, out var listener))
            return listener.HalfOf(half.Http2);
        listener = new SharedPortListener(await _sockets.BindAsync(half.Port, cancellationToken), clock);
        _waiting[half.Port] = listener;
        return listener.HalfOf(half.Http2);
    }
}
