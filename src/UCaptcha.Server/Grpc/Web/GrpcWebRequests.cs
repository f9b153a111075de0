namespace UCaptcha.Server.Grpc.Web;

/// <summary>How a gRPC-Web call writes its bytes (PROTOCOL-WEB.md of gRPC).</summary>
internal enum GrpcWebMode
{
    /// <summary>The request is no gRPC-Web call.</summary>
    None,

    /// <summary>application/grpc-web: frames as they are.</summary>
    Binary,

    /// <summary>application/grpc-web-text: frames as base64.</summary>
    Text,
}

/// <summary>Tells gRPC-Web calls by their content type.</summary>
internal static class GrpcWebRequests
{
    /// <summary>The content type of gRPC itself.</summary>
    public const string Grpc = "application/grpc";

    private const string Binary = "application/grpc-web";
    private const string Text = "application/grpc-web-text";

    /// <summary>The mode of a request.</summary>
    public static GrpcWebMode ModeOf(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || request.ContentType is not { } type)
            return GrpcWebMode.None;
        if (Is(type, Text))
            return GrpcWebMode.Text;
        return Is(type, Binary) ? GrpcWebMode.Binary : GrpcWebMode.None;
    }

    /// <summary>What a mode calls the content that gRPC calls so: application/grpc+proto becomes application/grpc-web+proto.</summary>
    public static string ToWeb(string grpcType, GrpcWebMode mode) => (mode == GrpcWebMode.Text ? Text : Binary) + grpcType[Grpc.Length..];

    /// <summary>What gRPC calls a content of a mode.</summary>
    public static string ToGrpc(string webType, GrpcWebMode mode) => Grpc + webType[(mode == GrpcWebMode.Text ? Text : Binary).Length..];

    private static bool Is(string type, string wanted) =>
        type.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) && (type.Length == wanted.Length || type[wanted.Length] is '+' or ';' or ' ');
}
