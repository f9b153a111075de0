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
/// Takes room for the messages of gRPC calls that are too large to come in one piece: gRPC keeps what has come of one until it has all of it. The length is
/// announced in front of a message (length-prefixed message of gRPC's HTTP/2 protocol).
/// </summary>
internal sealed class GrpcBodies(BodyRoom room, ServerSetup setup)
{
    private const int PrefixLength = 5;
    private const int Small = 16 * 1024;

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) => GrpcRefusal.IsGrpc(http.Request) ? InvokeCallAsync(http, next) : next(http);

    private async Task InvokeCallAsync(HttpContext http, RequestDelegate next)
    {
        var length = await AnnouncedAsync(http);
        // One that is too large is refused by gRPC, unread.
        if (length <= Small || length > setup.Settings.Http.MaxBodyBytes)
        {
            await next(http);
            return;
        }

        if (!room.TryTake(length))
        {
            await GrpcRefusal.WriteAsync(http, StatusCode.Unavailable, ErrorCodes.ServiceNotAvailable, BodyRefusal.Message, BodyRefusal.RetryAfter);
            return;
        }

        using var body = new RoomedBody(http.Request.BodyReader, room, length, PrefixLength + length);
        http.Features.Set<IRequestBodyPipeFeature>(body);
        await next(http);
    }

    /// <summary>The length of the first message; 0 for a body that ends before it.</summary>
    private static async ValueTask<long> AnnouncedAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            var buffer = result.Buffer;
            if (buffer.Length >= PrefixLength)
            {
                var length = LengthIn(buffer);
                reader.AdvanceTo(buffer.Start);
                return length;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return 0;
        }
    }

    private static uint LengthIn(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
    }
}
