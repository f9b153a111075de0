using Grpc.Core;

namespace UCaptcha.Server.Network;

/// <summary>The address that a call came from.</summary>
internal static class CallerAddress
{
    /// <summary>An IPv4 address that came mapped into IPv6 as itself; empty when there is none.</summary>
    public static string Of(ServerCallContext context) => context.GetHttpContext().Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };
}
