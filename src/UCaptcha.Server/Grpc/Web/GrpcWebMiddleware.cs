namespace UCaptcha.Server.Grpc.Web;

/// <summary>
/// Lets browsers make gRPC calls, over any version of HTTP (PROTOCOL-WEB.md of gRPC): what follows sees an ordinary gRPC call, and the trailers that
/// a browser cannot read go into a last frame of the body. Belongs in front of the rate limit, so that its refusals are turned too.
/// </summary>
internal static class GrpcWebMiddleware
{
    /// <summary>Handles one request.</summary>
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var mode = GrpcWebRequests.ModeOf(context.Request);
        if (mode == GrpcWebMode.None)
        {
            await next(context);
            return;
        }

        var (protocol, type, body) = (context.Request.Protocol, context.Request.ContentType!, context.Request.Body);
        var answer = new GrpcWebAnswer(context, mode);
        // The gRPC server takes calls over HTTP/2 only, because only there it finds trailers.
        context.Request.Protocol = HttpProtocol.Http2;
        context.Request.ContentType = GrpcWebRequests.ToGrpc(type, mode);
        if (mode == GrpcWebMode.Text)
            context.Request.Body = new Base64Reader(body);
        context.Response.OnStarting(() =>
        {
            context.Request.Protocol = protocol;
            if (context.Response.ContentType is { } grpcType && grpcType.StartsWith(GrpcWebRequests.Grpc, StringComparison.OrdinalIgnoreCase))
                context.Response.ContentType = GrpcWebRequests.ToWeb(grpcType, mode);
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
            await answer.EndAsync();
        }
        finally
        {
            (context.Request.Protocol, context.Request.ContentType, context.Request.Body) = (protocol, type, body);
            answer.Detach();
        }
    }
}
