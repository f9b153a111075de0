using System.Net;
using System.Net.Sockets;
using UCaptcha.Server.Options;

namespace UCaptcha.Server.Tests;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5080", "0.0.0.0")]
    [InlineData("http://127.0.0.1:5080", "127.0.0.1")]
    [InlineData("http://localhost:5080", "127.0.0.1")]
    [InlineData("http://[::]:5080", "::")]
    [InlineData("https://[::1]:5080", "::1")]
    public void Parse_AnAddress_IsThatAddress(string url, string address) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), 5080), ListenAddress.Parse(url)!.EndPoint);

    [Theory]
    [InlineData("http://*:5080", false)]
    [InlineData("https://+:5080", true)]
    public void Parse_AStar_IsEveryAddress(string url, bool isTls)
    {
        var address = ListenAddress.Parse(url)!;

        Assert.Equal((new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 5080), isTls), (address.EndPoint, address.IsTls));
    }

    [Theory]
    [InlineData("http://example.com:5080")]
    [InlineData("http://*.example.com:5080")]
    [InlineData("http://*1:5080")]
    [InlineData("http://*:5080/path")]
    [InlineData("ftp://*:5080")]
    public void Parse_AnythingElse_IsNone(string url) => Assert.Null(ListenAddress.Parse(url));
}
