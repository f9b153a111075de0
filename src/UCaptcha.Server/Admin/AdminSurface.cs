using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using UCaptcha.Server.Options;
using UCaptcha.Server.Tls;
using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Admin;

/// <summary>Keeps apart what the admin port serves and what the others serve: neither has the other's paths.</summary>
internal static class AdminSurface
{
    /// <summary>How it answers in JSON.</summary>
    public static RenderingProfile Profile { get; } = new AdminProfile();

    /// <summary>Whether a request came in by the admin port.</summary>
    public static bool Has(HttpContext context) => context.Features.Get<AdminConnection>() is not null;

    /// <summary>Listens for HTTP/1.1 and HTTP/2 on one port, and marks what comes in by it.</summary>
    public static void Listen(KestrelServerOptions kestrel, ListenAddress address)
    {
        var port = address.EndPoint;
        if (address.IsTls)
        {
            kestrel.Listen(port, listen => Speak(listen, isTls: true, HttpProtocols.Http1AndHttp2));
            return;
        }

        kestrel.Listen(new SharedPort(port, http2: false), listen => Speak(listen, isTls: false, HttpProtocols.Http1));
        kestrel.Listen(new SharedPort(port, http2: true), listen => Speak(listen, isTls: false, HttpProtocols.Http2));
    }

    /// <summary>Marks endpoints that only the admin port serves.</summary>
    public static TBuilder ForAdmins<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(AdminOnly.Instance);

    /// <summary>Marks the endpoint that answers for paths that are not there.</summary>
    public static TBuilder ForAll<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(NotThere.Instance);

    /// <summary>Whether an endpoint is served by the admin port only.</summary>
    public static bool IsForAdmins(Endpoint endpoint) => endpoint.Metadata.GetMetadata<AdminOnly>() is not null;

    /// <summary>Puts in place of an endpoint that the other surface has the one for paths that are not there. Belongs right behind UseRouting.</summary>
    public static void UseSurfaces(this WebApplication app)
    {
        var notThere = new Lazy<Endpoint>(() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(endpoint => endpoint.Metadata.GetMetadata<NotThere>() is not null));
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is { } endpoint && IsForAdmins(endpoint) != Has(context))
                context.SetEndpoint(notThere.Value);
            return next(context);
        });
    }

    private static void Speak(ListenOptions listen, bool isTls, HttpProtocols inClearText)
    {
        listen.Use(next => connection =>
        {
            connection.Features.Set(AdminConnection.Instance);
            return next(connection);
        });
        listen.Speak(isTls, inClearText);
    }

    private sealed class AdminConnection
    {
        public static AdminConnection Instance { get; } = new();
    }

    private sealed class AdminOnly
    {
        public static AdminOnly Instance { get; } = new();
    }

    private sealed class NotThere
    {
        public static NotThere Instance { get; } = new();
    }
}
