using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace UCaptcha.Server.Tests;

// A real Kestrel on free loopback ports: one that speaks HTTP/1.1, one that speaks HTTP/2 in clear text.
internal sealed class TestServer : IAsyncDisposable
{
    private TestServer(WebApplication app)
    {
        App = app;
        Http = new HttpClient { BaseAddress = HttpUrl };
        Channel = GrpcChannel.ForAddress(GrpcUrl);
    }

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public Uri HttpUrl => new(App.Urls.First());

    public Uri GrpcUrl => new(App.Urls.Last());

    public HttpClient Http { get; }

    public GrpcChannel Channel { get; }

    public static async Task<TestServer> StartAsync(
        Action<WebApplicationBuilder> services, Action<WebApplication> pipeline, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        services(builder);
        var app = builder.Build();
        pipeline(app);
        await app.StartAsync();
        return new TestServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await App.DisposeAsync();
    }
}
