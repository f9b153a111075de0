using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace UCaptcha.Server.Tests.Grpc.Reflection;

internal static class ReflectingServer
{
    // Maps reflection before the service, to show that the order does not matter.
    public static Task<TestServer> StartAsync() => TestServer.StartAsync(
        builder =>
        {
            builder.Services.AddGrpc();
            builder.Services.AddGrpcReflection();
        },
        app =>
        {
            app.MapGrpcReflection();
            app.MapGrpcService<CannedCaptchaService>();
        });
}
