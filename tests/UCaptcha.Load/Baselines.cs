using System.Text.Json;
using System.Text.Json.Serialization;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using UCaptcha.V1;

namespace UCaptcha.Load;

/// <summary>What the server is measured against: the same framework doing nothing but reading a request and answering it.</summary>
internal static class Baselines
{
    public static async Task ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.IgnoreUnknownServices = true);
        builder.Services.AddSingleton<GrpcEcho>();
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, EchoJson.Default));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.MapPost("/createTask", (EchoRequest request) => new EchoResponse(0, request.Task.Type, "processing"));
        app.MapGrpcService<GrpcEcho>();
        await app.StartAsync();
        Console.WriteLine($"JSON on {app.Urls.First()}, gRPC on {app.Urls.Last()}");
        await app.WaitForShutdownAsync();
    }

    private sealed class GrpcEcho : CaptchaService.CaptchaServiceBase
    {
        public override Task<CreateTaskResponse> CreateTask(CreateTaskRequest request, ServerCallContext context) =>
            Task.FromResult(new CreateTaskResponse { TaskId = request.Task.Type, Status = V1.TaskStatus.Processing });
    }
}

internal sealed record EchoRequest(string ClientKey, EchoTask Task);

internal sealed record EchoTask(string Type, [property: JsonPropertyName("websiteURL")] string WebsiteUrl, string WebsiteKey);

internal sealed record EchoResponse(int ErrorId, string TaskId, string Status);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EchoRequest))]
[JsonSerializable(typeof(EchoResponse))]
internal sealed partial class EchoJson : JsonSerializerContext;
