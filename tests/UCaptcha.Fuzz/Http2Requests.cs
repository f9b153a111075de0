using System.Buffers.Binary;
using System.Net.Sockets;

namespace UCaptcha.Fuzz;

/// <summary>Speaks HTTP/2 as no client does, straight over TCP: frames that are broken, out of order, too long or without end.</summary>
internal static class Http2Requests
{
    private const int FrameHead = 9;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(300);

    // DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION, and some that are none.
    private static readonly byte[] Types = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255];

    // A POST to a method of the service, in HPACK's literals.
    private static readonly byte[] Call =
        [0x83, 0x86, .. Literal(":path", "/ucaptcha.v1.CaptchaService/GetBalance"), .. Literal(":authority", "x"), .. Literal("content-type", "application/grpc"), .. Literal("te", "trailers")];

    public static async Task SendAsync(Shot shot)
    {
        var address = new Uri(shot.Spoiler.Chance(70) ? shot.Server.Grpc : shot.Server.Admin);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        using var timeUp = new CancellationTokenSource(Longest, TimeProvider.System);
        var answer = new MemoryStream();
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync(Bytes(shot.Spoiler), timeUp.Token);
            await stream.CopyToAsync(answer, timeUp.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The server closed, or waits for more.
        }

        shot.Report.Count("(HTTP/2 frames)", answer.Length > 0 ? "answered" : "closed");
    }

    private static byte[] Bytes(Spoiler spoiler)
    {
        var bytes = new List<byte>("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        bytes.AddRange(Frame(4, 0, 0, []));
        var frames = spoiler.Chance(10) ? 500 : 6;
        for (var i = 0; i < frames; i++)
        {
            bytes.AddRange(spoiler.Pick(new[] { 0, 1, 2, 3 }) switch
            {
                0 => Frame(1, 0x4, (i * 2) + 1, Call),
                1 => Frame(1, 0, (i * 2) + 1, spoiler.Noise(60)),
                2 => Frame(0, (byte)(spoiler.Chance(50) ? 1 : 0), spoiler.Pick(new[] { 0, 1, 3, 2, int.MaxValue }), spoiler.Noise(80)),
                _ => Frame(spoiler.Pick(Types), spoiler.Noise(2) is [var flags] ? flags : (byte)0, spoiler.Pick(new[] { 0, 1, 3, 4 }), spoiler.Noise(40)),
            });
        }

        byte[] all = [.. bytes];
        return spoiler.Chance(40) ? spoiler.SpoilBytes(all) : all;
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHead + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHead);
        return frame;
    }

    private static byte[] Literal(string name, string value) =>
        [0x00, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), (byte)value.Length, .. System.Text.Encoding.ASCII.GetBytes(value)];
}
