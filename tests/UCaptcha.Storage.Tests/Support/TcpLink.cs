using System.Net;
using System.Net.Sockets;

namespace UCaptcha.Storage.Tests.Support;

/// <summary>A wire to a loopback port that can be cut, so that neither end hears more of the other.</summary>
internal sealed class TcpLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _ends = [];
    private readonly int _target;
    private readonly Task _accepting;
    private bool _isCut;

    public TcpLink(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The side that asks learns it at once; the other works on, as a database does that has lost its client in a commit.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            foreach (var end in _ends)
                end.Dispose();
            _ends.Clear();
        }
    }

    public void Mend()
    {
        lock (_lock)
            _isCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient asking;
            try
            {
                asking = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = LinkAsync(asking);
        }
    }

    private async Task LinkAsync(TcpClient asking)
    {
        using var answering = new TcpClient();
        lock (_lock)
        {
            if (_isCut)
            {
                asking.Dispose();
                return;
            }

            _ends.Add(asking);
            _ends.Add(answering);
        }

        try
        {
            await answering.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(
                asking.GetStream().CopyToAsync(answering.GetStream()),
                answering.GetStream().CopyToAsync(asking.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }

        asking.Dispose();
    }
}
