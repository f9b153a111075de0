using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Net.Client;
using UCaptcha.KillTest.Driving;
using UCaptcha.TestKit.Processes;
using UCaptcha.V1;

namespace UCaptcha.KillTest.Nodes;

/// <summary>One life of a server process, and the connections to it.</summary>
internal sealed partial class Incarnation : IAsyncDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(20);

    /// <summary>The admin key of every server.</summary>
    public const string AdminKey = "admin-key-of-the-kill-test";

    private readonly GrpcChannel _channel;
    private readonly HttpClient _admin;

    public Incarnation(ServerProcess server)
    {
        Server = server;
        Http = new HttpClient { BaseAddress = new Uri(server.Http), Timeout = LongestCall };
        _admin = new HttpClient { BaseAddress = new Uri(server.Admin), Timeout = LongestCall };
        _admin.DefaultRequestHeaders.Add("x-admin-key", AdminKey);
        Admin = new AdminClient(_admin);
        _channel = GrpcChannel.ForAddress(server.Grpc);
        Grpc = new CaptchaService.CaptchaServiceClient(_channel);
    }

    public ServerProcess Server { get; }

    /// <summary>The number under which it works on a PostgreSQL now, or null.</summary>
    public long? NodeNumber => Server.Program.Output.Select(line => NodeLine().Match(line)).LastOrDefault(match => match.Success) is { } told
        ? long.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture)
        : null;

    public HttpClient Http { get; }

    public CaptchaService.CaptchaServiceClient Grpc { get; }

    public AdminClient Admin { get; }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Http.Dispose();
        _admin.Dispose();
        _channel.Dispose();
    }

    [GeneratedRegex(@"This server is node (\d+),")]
    private static partial Regex NodeLine();
}
