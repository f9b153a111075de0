using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using UCaptcha.V1;

namespace UCaptcha.Fuzz;

/// <summary>Sends frames of garbage to the gRPC port and to the admin port.</summary>
internal static class GrpcRequests
{
    private static readonly string[] AdminPaths =
        [.. AdminService.Descriptor.Methods.Where(method => method.Name != "CreateBackup").Select(method => $"/{method.Service.FullName}/{method.Name}"), "/ucaptcha.v1.CaptchaService/GetBalance"];

    private const string AnyName = "fuzzed over gRPC";

    /// <summary>The paths of methods that answer once, and some that nobody serves.</summary>
    public static readonly string[] Paths =
        [.. CaptchaService.Descriptor.Methods.Where(method => !method.IsServerStreaming).Select(method => $"/{method.Service.FullName}/{method.Name}"), "/ucaptcha.v1.Nothing/Nothing", "/", "/grpc.health.v1.Health/Check"];

    public static async Task SendAsync(Shot shot)
    {
        var forAdmins = shot.Spoiler.Chance(40);
        var path = shot.Spoiler.Pick(forAdmins ? AdminPaths : Paths);
        using var request = Make(shot.Spoiler, (forAdmins ? shot.Server.Admin : shot.Server.Grpc) + path, forAdmins ? AnyName : Canaries.Key);
        var answer = await shot.AskAsync(request, Shot.LongestAnswer);
        shot.Count(forAdmins ? "(gRPC, admin port)" : "(gRPC)", answer);
        shot.Check(answer?.Status >= 500, path, "answered 5xx", answer?.Body ?? "");
        shot.Check(Canaries.In(answer?.Body ?? "") is not null, path, "answers a secret", answer?.Body ?? "");
    }

    private static HttpRequestMessage Make(Spoiler spoiler, string address, string firstText)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Body(spoiler, firstText)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(spoiler.Chance(10) ? "application/json" : "application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation("x-api-key", Canaries.Key);
        request.Headers.TryAddWithoutValidation("x-admin-key", Canaries.AdminKey);
        if (spoiler.Chance(10))
            request.Headers.TryAddWithoutValidation("grpc-timeout", spoiler.Pick(new[] { "1", "99999999999H", "-1S", "0n", "x" }));
        if (spoiler.Chance(10))
            request.Headers.TryAddWithoutValidation("grpc-encoding", spoiler.Pick(new[] { "gzip", "nothing" }));
        return request;
    }

    /// <summary>One frame, more or less.</summary>
    /// <param name="spoiler">Spoils it.</param>
    /// <param name="firstText">What its first field holds: a key, or, where that is a name, something that may be shown.</param>
    public static byte[] Body(Spoiler spoiler, string firstText)
    {
        var message = spoiler.Chance(50)
            ? spoiler.Noise(300)
            : spoiler.SpoilBytes(Google.Protobuf.MessageExtensions.ToByteArray(new CreateTaskRequest { ClientKey = firstText, Task = new CaptchaTask { Type = "RecaptchaV2Task" } }));
        var frame = new byte[5 + message.Length];
        frame[0] = (byte)(spoiler.Chance(10) ? 1 : 0);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), spoiler.Chance(10) ? int.MaxValue : message.Length);
        message.CopyTo(frame, 5);
        return spoiler.Chance(10) ? frame[..^Math.Min(frame.Length, 3)] : frame;
    }
}
