using System.Net;
using System.Text;
using Google.Protobuf.Reflection;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UCaptcha.Transcoding.Tests.Protos;

namespace UCaptcha.Transcoding.Tests.Http;

// The job service on real Kestrel: one port for HTTP/1.1 and one for gRPC, on loopback.
internal sealed class JobServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private JobServer(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        Client = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        Channel = GrpcChannel.ForAddress(addresses[1]);
    }

    public HttpClient Client { get; }

    public GrpcChannel Channel { get; }

    public JobService.JobServiceClient Grpc => new(Channel);

    public Handlers Handlers => _app.Services.GetRequiredService<Handlers>();

    public static async Task<JobServer> StartAsync(
        Action<JsonTranscodingOptions>? configure = null,
        Action<IServiceCollection>? addServices = null,
        Func<HttpContext, MethodDescriptor, bool>? isServed = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Handlers>();
        builder.Services.AddSingleton<ILoggerProvider, MemoryLog>();
        builder.Services.AddGrpc(options => options.Interceptors.Add<RecordingInterceptor>("global"))
            .AddServiceOptions<JobServiceImplementation>(options => options.Interceptors.Add<RecordingInterceptor>("service"));
        builder.Services.AddJsonTranscoding(options =>
        {
            options.Json.OpenField = OptionsExtensions.Open;
            options.Json.AcceptsNumbers = OptionsExtensions.AcceptsNumbers;
            options.Json.EnumText = OptionsExtensions.JsonValue;
            options.EventId = OptionsExtensions.EventId;
            configure?.Invoke(options);
        });
        addServices?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapGrpcService<JobServiceImplementation>();
        app.MapTranscodingFallback(isServed);
        await app.StartAsync();
        return new JobServer(app);
    }

    public Task<Answer> PostAsync(string path, string body, string? contentType = "application/json") =>
        SendAsync(HttpMethod.Post, path, body, contentType);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? body = null, string? contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (contentType is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        using var response = await Client.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
