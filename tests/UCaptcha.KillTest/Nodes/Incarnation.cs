using Grpc.Net.Client;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.KillTest.Nodes;

/// <summary>One life of a server process, and the connections to it.</summary>
internal sealed class Incarnation : IAsyncDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(20);

    private readonly GrpcChannel _channel;

    public Incarnation(ServerProcess server)
    {
        Server = server;
        Http = new HttpClient { BaseAddress = new Uri(server.Http), Timeout = LongestCall };
        _channel = GrpcChannel.ForAddress(server.Grpc);
        Grpc = new CaptchaService.CaptchaServiceClient(_channel);
    }

    public ServerProcess Server { get; }

    public HttpClient Http { get; }

    public CaptchaService.CaptchaServiceClient Grpc { get; }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Http.Dispose();
        _channel.Dispose();
    }
}
