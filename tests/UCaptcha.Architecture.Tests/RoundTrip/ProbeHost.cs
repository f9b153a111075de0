using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace UCaptcha.Architecture.Tests.RoundTrip;

// The service on a free loopback port, with a channel to it.
internal sealed class ProbeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProbeHost(WebApplication app, GrpcChannel channel)
    {
        _app = app;
        Channel = channel;
        Client = new Probe.ProbeClient(channel);
    }

    public GrpcChannel Channel { get; }

    public Probe.ProbeClient Client { get; }

    public ProbeLog Log => _app.Services.GetRequiredService<ProbeLog>();

    public static async Task<ProbeHost> StartAsync(
        Action<GrpcServiceOptions>? server = null, Action<GrpcChannelOptions>? client = null, Action<WebApplication>? pipeline = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<ProbeLog>();
        builder.Services.AddGrpc(options => server?.Invoke(options));
        var app = builder.Build();
        pipeline?.Invoke(app);
        app.MapGrpcService<ProbeService>();
        await app.StartAsync();

        var options = new GrpcChannelOptions();
        client?.Invoke(options);
        return new ProbeHost(app, GrpcChannel.ForAddress(app.Urls.Single(), options));
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}
