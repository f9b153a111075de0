using System.Net;
using System.Net.Sockets;
using UCaptcha.Server.Callbacks;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class CallbackConnectorTests
{
    private static readonly CallbackAddressPolicy Public = new(new CallbackOptions());
    private static readonly CallbackAddressPolicy Anywhere = new(new CallbackOptions { AllowPrivateNetworks = true });

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("93.184.215.14", "10.0.0.1")]
    [InlineData("::1", "93.184.215.14")]
    [InlineData("93.184.215.14", "::ffff:169.254.169.254")]
    public async Task Connect_AnyPrivateAddress_IsRefused(params string[] addresses)
    {
        var connector = new CallbackConnector(Public, (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse)));

        await Assert.ThrowsAsync<CallbackRefusedException>(() => ConnectAsync(connector, new DnsEndPoint("hook.example", 443)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    public async Task Connect_NameLeadsInside_IsRefusedAloneAndBesideAPublicAddress(string address)
    {
        foreach (var addresses in (IPAddress[][])[[IPAddress.Parse(address)], [IPAddress.Parse("93.184.215.14"), IPAddress.Parse(address)]])
        {
            var connector = new CallbackConnector(Public, (_, _) => Task.FromResult(addresses));
            await Assert.ThrowsAsync<CallbackRefusedException>(() => ConnectAsync(connector, new DnsEndPoint("hook.example", 443)));
        }
    }

    [Theory]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public async Task Connect_PrivateName_IsRefusedWithTheSystemResolver(string host) =>
        await Assert.ThrowsAsync<CallbackRefusedException>(() => ConnectAsync(new CallbackConnector(Public), new DnsEndPoint(host, 80)));

    [Fact]
    public async Task Connect_OtherPort_IsRefusedUnresolved()
    {
        var connector = new CallbackConnector(Public, (_, _) => throw new InvalidOperationException());

        await Assert.ThrowsAsync<CallbackRefusedException>(() => ConnectAsync(connector, new DnsEndPoint("hook.example", 22)));
    }

    [Fact]
    public async Task Connect_NameWithoutAddress_IsNotFound()
    {
        var connector = new CallbackConnector(Public, (_, _) => Task.FromResult<IPAddress[]>([]));

        var failed = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(connector, new DnsEndPoint("hook.example", 80)));

        Assert.Equal(SocketError.HostNotFound, failed.SocketErrorCode);
    }

    [Fact]
    public async Task Connect_FirstAddressClosed_TakesTheNextAndResolvesOnce()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = 0;
        var connector = new CallbackConnector(Anywhere, (_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Parse("::ffff:127.0.0.1")]);
        });

        await using var stream = await connector.ConnectAsync(new DnsEndPoint("hook.example", ((IPEndPoint)listener.LocalEndpoint).Port), default);
        using var accepted = await listener.AcceptSocketAsync();

        Assert.True(accepted.Connected);
        Assert.Equal(1, asked);
    }

    private static async Task ConnectAsync(CallbackConnector connector, DnsEndPoint target) => await connector.ConnectAsync(target, default);
}
