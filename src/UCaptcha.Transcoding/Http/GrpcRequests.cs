using Microsoft.AspNetCore.Http;

namespace UCaptcha.Transcoding.Http;

internal static class GrpcRequests
{
    private const string ContentType = "application/grpc";

    // The same and gRPC-Web, which its middleware turns into gRPC.
    public static bool IsForGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase);

    // application/grpc and application/grpc+proto, but neither gRPC-Web nor anything else.
    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';' or ' ');
}
