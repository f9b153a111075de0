using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using UCaptcha.V1;

namespace UCaptcha.Fuzz;

/// <summary>Sends frames of garbage to the gRPC port.</summary>
internal sealed class GrpcRequests(Spoiler spoiler)
{
    private static readonly string[] Paths =
        [.. CaptchaService.Descriptor.Methods.Where(method => !method.IsServerStreaming).Select(method => $"/{method.Service.FullName}/{method.Name}"), "/ucaptcha.v1.Nothing/Nothing", "/", "/grpc.health.v1.Health/Check"];

    public HttpRequestMessage Make(string grpc)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, grpc + spoiler.Pick(Paths))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Body()),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(spoiler.Chance(10) ? "application/json" : "application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation("x-api-key", Canaries.Key);
        if (spoiler.Chance(10))
            request.Headers.TryAddWithoutValidation("grpc-timeout", spoiler.Pick(new[] { "1", "99999999999H", "-1S", "0n", "x" }));
        if (spoiler.Chance(10))
            request.Headers.TryAddWithoutValidation("grpc-encoding", spoiler.Pick(new[] { "gzip", "nothing" }));
        return request;
    }

    private byte[] Body()
    {
        var message = spoiler.Chance(50)
            ? spoiler.Noise(300)
            : spoiler.SpoilBytes(Google.Protobuf.MessageExtensions.ToByteArray(new CreateTaskRequest { ClientKey = Canaries.Key, Task = new CaptchaTask { Type = "RecaptchaV2Task" } }));
        var frame = new byte[5 + message.Length];
        frame[0] = (byte)(spoiler.Chance(10) ? 1 : 0);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), spoiler.Chance(10) ? int.MaxValue : message.Length);
        message.CopyTo(frame, 5);
        return spoiler.Chance(10) ? frame[..^Math.Min(frame.Length, 3)] : frame;
    }
}
