using System.Net;
using System.Net.Sockets;

namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Connects callbacks. It resolves the name itself, checks every address of the answer and connects to nothing but those, so that a name cannot
/// mean one thing when it is checked and another when it is used.
/// </summary>
/// <param name="policy">Where callbacks may go.</param>
/// <param name="resolve">Finds the addresses of a name; a literal address is its own.</param>
internal sealed class CallbackConnector(CallbackAddressPolicy policy, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>A connector that asks the system's resolver.</summary>
    public CallbackConnector(CallbackAddressPolicy policy)
        : this(policy, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="CallbackRefusedException">The port is not allowed, or one of the addresses is not public.</exception>
    /// <exception cref="SocketException">The name is unknown, or no address answers.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        if (!policy.AllowsPort(target.Port))
            throw new CallbackRefusedException("The port is not allowed.");
        var addresses = await resolve(target.Host, cancellation);
        if (!Array.TrueForAll(addresses, policy.Allows))
            throw new CallbackRefusedException("The host has an address that is not public.");

        var failure = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            try
            {
                return await ConnectAsync(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, target.Port, cancellation);
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        throw failure;
    }

    private static async Task<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
