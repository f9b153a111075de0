using System.Net;

namespace UCaptcha.Server.Admin;

/// <summary>One of the two protocols of a clear-text port that speaks HTTP/1.1 and HTTP/2.</summary>
/// <param name="port">Where both listen.</param>
/// <param name="http2">Which of them this is.</param>
internal sealed class SharedPort(IPEndPoint port, bool http2) : EndPoint
{
    public IPEndPoint Port { get; } = port;

    public bool Http2 { get; } = http2;

    public override string ToString() => Port.ToString();
}
