using System.Net.Sockets;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>How many connections there may be, and that a full address leaves the others alone.</summary>
public sealed class ConnectionLimitTests
{
    private const int Limit = 10;

    private static readonly byte[] Http1Call = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    /// <summary>The preface of RFC 9113, section 3.4, with empty settings.</summary>
    private static readonly byte[] Http2Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    [Fact]
    public async Task Connect_OneMoreThanAnAddressTakes_IsClosedAndOtherAddressesGoOn()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Http__MaxConnections"] = $"{Limit}" });
        var open = new List<TcpClient>();
        try
        {
            foreach (var (address, call) in new[] { (server.Http, Http1Call), (server.Grpc, Http2Preface), (server.Admin, Http1Call) })
            {
                for (var i = 0; i < Limit; i++)
                    Assert.True(await IsServedAsync(open, address, call), $"{address}, connection {i + 1}");
                Assert.False(await IsServedAsync(open, address, call), address);
            }
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task<bool> IsServedAsync(List<TcpClient> open, string address, byte[] call)
    {
        var connection = new TcpClient();
        open.Add(connection);
        var uri = new Uri(address);
        await connection.ConnectAsync(uri.Host, uri.Port);
        try
        {
            await connection.GetStream().WriteAsync(call);
            return await connection.GetStream().ReadAsync(new byte[1]) == 1;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
