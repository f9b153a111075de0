using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace UCaptcha.Server.RateLimiting;

/// <summary>Whom an address counts as: an IPv4 address, in either notation, as itself; an IPv6 address as its /64, which one subscriber has whole.</summary>
internal static class AddressKey
{
    private const int Ipv6Bytes = 16;

    /// <summary>The key of <paramref name="address"/>. Allocates nothing.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[Ipv6Bytes];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return V4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        return address.IsIPv4MappedToIPv6
            ? V4(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }

    // As the mapped IPv6 address: its lower half is never 0, which that of a /64 always is.
    private static UInt128 V4(uint address) => new(0, 0xFFFF_0000_0000UL | address);
}
