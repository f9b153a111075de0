using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using UCaptcha.TestKit;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Network;

/// <summary>Callers that begin large bodies and do not end them hold so much of the server's memory together, and no more.</summary>
public sealed class BodyRoomTests
{
    private const int Largest = 1024 * 1024;
    private const int Sent = 800_000;
    private const int Announced = 1_000_000;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Http__MaxBodyBytes"] = $"{Largest}",
        ["Http__MaxBodyBytesAtOnce"] = $"{2 * Largest}",
    };

    private static string Large => $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}},"padding":"{{new string('x', 600_000)}}"}""";

    [Theory]
    [InlineData("/createTask", "application/json")]
    [InlineData("/in.php", "application/x-www-form-urlencoded")]
    public async Task Json_TwoBodiesStall_ThirdLargeOneIsRefusedSmallOnesAreServedAndAllGoesOnBehindIt(string path, string type)
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster"], Settings);
        using var http = new HttpClient();
        using var end = new CancellationTokenSource();
        var stalling = new Stalling(() => http.PostAsync(scenario.Server.Http + path, new StallingContent(new byte[Sent], Announced, type), end.Token));

        JsonElement refused = default;
        await Eventually.TrueAsync(() => stalling.HoldAsync(async () =>
        {
            (var status, refused) = await scenario.Api.PostAsync("/createTask", Large);
            return status == HttpStatusCode.ServiceUnavailable;
        }));
        Assert.Equal("ERROR_SERVICE_NOT_AVAILABLE", refused.GetProperty("errorCode").GetString());
        await scenario.Api.CreateAsync();
        var balance = await http.GetStringAsync($"{scenario.Server.Http}/res.php?key={Scenario.Key}&action=getbalance");
        Assert.True(decimal.TryParse(balance, NumberStyles.Number, CultureInfo.InvariantCulture, out _), balance);
        Assert.True(stalling.GoesOn);

        await end.CancelAsync();
        await Eventually.TrueAsync(async () => (await scenario.Api.PostAsync("/createTask", Large)).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Grpc_TwoMessagesStall_ThirdLargeOneIsRefusedSmallOnesAreServedAndAllGoesOnBehindIt()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster"], Settings);
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var end = new CancellationTokenSource();
        var prefixed = new byte[Sent];
        BinaryPrimitives.WriteUInt32BigEndian(prefixed.AsSpan(1), Announced);
        var stalling = new Stalling(() => http.PostAsync(
            scenario.Server.Grpc + "/ucaptcha.v1.CaptchaService/CreateTask", new StallingContent(prefixed, length: null, "application/grpc"), end.Token));
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);

        await Eventually.TrueAsync(() => stalling.HoldAsync(async () => await StatusAsync(client, 600_000) == StatusCode.Unavailable));
        Assert.Equal(StatusCode.OK, await StatusAsync(client, 1000));
        Assert.True(stalling.GoesOn);
        Assert.Equal(StatusCode.ResourceExhausted, await StatusAsync(client, 2 * Largest));

        await end.CancelAsync();
        await Eventually.TrueAsync(async () => await StatusAsync(client, 600_000) == StatusCode.OK);
    }

    [Fact]
    public async Task All_BodiesLargerThanASocketsBuffers_AreReadWhole()
    {
        const int Size = 3_000_000;
        await using var scenario = await Scenario.StartAsync(["a:capmonster"]);
        using var http = new HttpClient();
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["key"] = Scenario.Key,
            ["method"] = "userrecaptcha",
            ["googlekey"] = Api.RecaptchaTestKey,
            ["pageurl"] = "https://example.com",
            ["padding"] = new string('x', Size),
        });
        using var upload = await http.PostAsync($"{scenario.Server.Http}/in.php", form);

        Assert.StartsWith("OK|", await upload.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await scenario.Api.PostAsync("/createTask", Large.Replace(new string('x', 600_000), new string('x', Size), StringComparison.Ordinal))).Status);
        Assert.Equal(StatusCode.OK, await StatusAsync(new CaptchaService.CaptchaServiceClient(channel), Size));
    }

    [Fact]
    public async Task Grpc_MessagesAreAnnouncedAndDoNotCome_TakeNoRoom()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster"], Settings);
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var end = new CancellationTokenSource();
        var prefix = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(prefix.AsSpan(1), Announced);
        var begun = Enumerable.Range(0, 20).Select(_ => new StallingContent(prefix, length: null, "application/grpc")).ToList();
        var calls = begun.Select(content => http.PostAsync(scenario.Server.Grpc + "/ucaptcha.v1.CaptchaService/CreateTask", content, end.Token)).ToList();
        await Task.WhenAll(begun.Select(content => content.Sent));
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);

        for (var i = 0; i < 20; i++)
            Assert.Equal(StatusCode.OK, await StatusAsync(client, 600_000));

        await end.CancelAsync();
        await Task.WhenAll(calls.Select(call => Assert.ThrowsAnyAsync<OperationCanceledException>(() => call)));
    }

    [Fact]
    public async Task Grpc_LargeCallsLast_TheirRoomIsFreeWhenTheirMessagesHaveCome()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=60s"], Settings);
        using var channel = GrpcChannel.ForAddress(scenario.Server.Grpc);
        var client = new CaptchaService.CaptchaServiceClient(channel);
        using var end = new CancellationTokenSource();
        var solving = new List<Task>();
        for (var i = 1; i <= 5; i++)
        {
            solving.Add(client.SolveTaskAsync(new SolveTaskRequest { ClientKey = Scenario.Key, Task = Padded(600_000) }, cancellationToken: end.Token).ResponseAsync);
            await Eventually.TrueAsync(async () => await scenario.Emulator.ReceivedAsync("a") == i);
        }

        Assert.Equal(StatusCode.OK, await StatusAsync(client, 600_000));
        Assert.DoesNotContain(solving, call => call.IsCompleted);
        await end.CancelAsync();
    }

    private static CaptchaTask Padded(int padding) => new()
    {
        Type = "RecaptchaV2TaskProxyless",
        WebsiteUrl = "https://example.com",
        WebsiteKey = Api.RecaptchaTestKey,
        Extra = new Struct { Fields = { ["padding"] = Value.ForString(new string('x', padding)) } },
    };

    private static async Task<StatusCode> StatusAsync(CaptchaService.CaptchaServiceClient client, int padding)
    {
        try
        {
            await client.CreateTaskAsync(new CreateTaskRequest { ClientKey = Scenario.Key, Task = Padded(padding) });
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }

    /// <summary>Two calls whose bodies stall. One that meets a large call of the test's own may be refused itself, and is begun again.</summary>
    private sealed class Stalling(Func<Task<HttpResponseMessage>> begin)
    {
        private readonly Task<HttpResponseMessage>[] _calls = [begin(), begin()];

        public bool GoesOn => !_calls.Any(call => call.IsCompleted);

        public async Task<bool> HoldAsync(Func<Task<bool>> isHeld)
        {
            for (var i = 0; i < _calls.Length; i++)
            {
                if (_calls[i].IsCompleted)
                    _calls[i] = begin();
            }

            return await isHeld() && GoesOn;
        }
    }

    /// <summary>Sends the beginning of a body and nothing more.</summary>
    private sealed class StallingContent : HttpContent
    {
        private readonly byte[] _beginning;
        private readonly long? _length;
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the beginning is on its way.</summary>
        public Task Sent => _sent.Task;

        public StallingContent(byte[] beginning, long? length, string type)
        {
            (_beginning, _length) = (beginning, length);
            Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(_beginning, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _sent.TrySetResult();
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = _length ?? 0;
            return _length is not null;
        }
    }
}
