using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using UCaptcha.Core;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Transcoding;

namespace UCaptcha.Server.Network;

/// <summary>
/// Lets the first message of a gRPC call arrive before the call begins: gRPC itself keeps what has come of one for as long as it takes. Its length is
/// announced in front of it (length-prefixed message of gRPC's HTTP/2 protocol).
/// </summary>
internal sealed class GrpcBodies(BodyRoom room, ServerSetup setup, TimeProvider clock)
{
    private const int PrefixLength = 5;

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) => GrpcRefusal.IsGrpc(http.Request) ? InvokeCallAsync(http, next) : next(http);

    private async Task InvokeCallAsync(HttpContext http, RequestDelegate next)
    {
        var message = 0L;
        using var arrival = new BodyArrival(http.Request.BodyReader, room, clock);
        var standing = await arrival.WaitAsync(buffer => message = NeededOf(buffer));
        if (standing != BodyStanding.Arrived)
        {
            await GrpcRefusal.WriteAsync(http, StatusCode.Unavailable, ErrorCodes.ServiceNotAvailable, BodyRefusal.MessageOf(standing), BodyRefusal.RetryAfter);
            return;
        }

        if (arrival.HandOver() is > 0 and var taken)
        {
            using var body = new RoomedBody(http.Request.BodyReader, room, taken, message);
            http.Features.Set<IRequestBodyPipeFeature>(body);
            await next(http);
            return;
        }

        await next(http);
    }

    /// <summary>The length of the first message with its prefix. One that is too large is refused by gRPC, unread.</summary>
    private long NeededOf(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < PrefixLength)
            return PrefixLength;
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return length <= setup.Settings.Http.MaxBodyBytes ? PrefixLength + length : PrefixLength;
    }
}
