using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace UCaptcha.Fuzz;

/// <summary>Sends frames of garbage as browsers send them, in bytes and in base64, and reads the frames of the answer.</summary>
internal static class GrpcWebRequests
{
    private const byte TrailersFrame = 0x80;
    private const int FrameHead = 5;

    private static readonly string[] Types =
        ["application/grpc-web", "application/grpc-web+proto", "application/grpc-web-text", "application/grpc-web-text+proto", "application/grpc-web+json", "application/grpc-web-text; charset=utf-8"];

    public static async Task SendAsync(Shot shot)
    {
        var spoiler = shot.Spoiler;
        var type = spoiler.Pick(Types);
        var isText = type.Contains("-text", StringComparison.Ordinal);
        var path = spoiler.Pick(GrpcRequests.Paths);
        var body = GrpcRequests.Body(spoiler, Canaries.Key);
        if (isText)
            body = Text(spoiler, body);
        using var request = new HttpRequestMessage(HttpMethod.Post, shot.Server.Http + path) { Version = HttpVersion.Version11, Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.TryAddWithoutValidation("x-api-key", Canaries.Key);
        request.Headers.TryAddWithoutValidation("X-Grpc-Web", "1");
        if (spoiler.Chance(10))
            request.Headers.TryAddWithoutValidation("grpc-timeout", spoiler.Pick(new[] { "1", "99999999999H", "-1S", "0n", "x", "1m" }));
        var answer = await shot.AskAsync(request, Shot.LongestAnswer);
        shot.Count("(gRPC-Web)", answer);
        if (answer is null || answer == Answer.Unsent)
            return;
        shot.Check(answer.Status >= 500, path, "answered 5xx", answer.Body);
        shot.Check(Canaries.In(answer.Body) is not null, path, "answers a secret", answer.Body);
        if (answer.Status == 200 && answer.Type.StartsWith("application/grpc-web", StringComparison.Ordinal))
            shot.Check(!HasStatus(answer), path, $"answered {type} without a status", Convert.ToHexString(answer.Bytes));
    }

    /// <summary>Base64 in one part or several, padded or spoilt.</summary>
    private static byte[] Text(Spoiler spoiler, byte[] body)
    {
        var cut = spoiler.Chance(40) ? body.Length / 2 : 0;
        var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(body, 0, cut) + Convert.ToBase64String(body, cut, body.Length - cut));
        return spoiler.Chance(40) ? spoiler.SpoilBytes(text) : text;
    }

    /// <summary>Whether the status is among the headers, or the frames end with one of trailers that has it.</summary>
    private static bool HasStatus(Answer answer)
    {
        if (answer.Header("grpc-status") is not null)
            return true;
        var bytes = answer.Type.Contains("-text", StringComparison.Ordinal) ? FromBase64(answer.Body) : answer.Bytes;
        for (var at = 0; at + FrameHead <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 1));
            if (length < 0 || at + FrameHead + length > bytes.Length)
                return false;
            if ((bytes[at] & TrailersFrame) != 0)
                return at + FrameHead + length == bytes.Length && Encoding.ASCII.GetString(bytes, at + FrameHead, length).Contains("grpc-status: ", StringComparison.Ordinal);
            at += FrameHead + length;
        }

        return false;
    }

    private static byte[] FromBase64(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at + 4 <= text.Length; at += 4)
            bytes.AddRange(Convert.FromBase64String(text.Substring(at, 4)));
        return [.. bytes];
    }
}
