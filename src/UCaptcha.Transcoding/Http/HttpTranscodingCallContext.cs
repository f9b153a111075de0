using System.Net.Sockets;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Transcoding.Http;

// The call context that handlers and interceptors see when a call came in as JSON.
internal sealed class HttpTranscodingCallContext : ServerCallContext, IServerCallContextFeature, IDisposable
{
    // Where ServerCallContextExtensions.GetHttpContext looks.
    private const string HttpContextKey = "__HttpContext";

    private static readonly AuthContext Unauthenticated = new(null, []);

    private readonly string _method;
    private readonly CallDeadline _deadline;
    private Metadata? _requestHeaders;

    public HttpTranscodingCallContext(HttpContext httpContext, string method, TranscodingFeature feature, TimeProvider time)
    {
        HttpContext = httpContext;
        Feature = feature;
        _method = method;
        _deadline = new CallDeadline(httpContext, time);
        UserState[HttpContextKey] = httpContext;
        httpContext.Features.Set<IServerCallContextFeature>(this);
    }

    public HttpContext HttpContext { get; }

    public ServerCallContext ServerCallContext => this;

    public TranscodingFeature Feature { get; }

    // What is thrown in place of calling the handler with a message that is not complete.
    public RpcException? Refusal { get; private set; }

    public bool IsPastDeadline => _deadline.IsPast;

    // Starts the response of a stream; null in a unary call, whose headers wait for its message.
    public Func<Task>? StartStream { get; set; }

    protected override string MethodCore => _method;

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore
    {
        get
        {
            var connection = HttpContext.Connection;
            return connection.RemoteIpAddress switch
            {
                null => "unknown",
                { AddressFamily: AddressFamily.InterNetworkV6 } address => $"ipv6:[{address}]:{connection.RemotePort}",
                var address => $"ipv4:{address}:{connection.RemotePort}",
            };
        }
    }

    protected override DateTime DeadlineCore => _deadline.Time;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= MetadataHeaders.Read(HttpContext.Request.Headers);

    protected override CancellationToken CancellationTokenCore => _deadline.Token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => Unauthenticated;

    // Throws when the request message is not complete. Called behind the interceptors, so that one that knows the caller has its say first.
    public static void ThrowIfMisfit(HttpContext http)
    {
        if (http.Features.Get<IServerCallContextFeature>() is not HttpTranscodingCallContext { Feature.Misfit: { } misfit } context)
            return;

        context.Refusal = new RpcException(new Status(StatusCode.InvalidArgument, misfit.Message));
        throw context.Refusal;
    }

    public void Dispose() => _deadline.Dispose();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        MetadataHeaders.Write(responseHeaders, HttpContext.Response.Headers);
        return StartStream is null ? Task.CompletedTask : StartStream();
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Calls that came in as JSON cannot be propagated.");
}
