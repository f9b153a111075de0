using System.Net;
using UCaptcha.Server.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Callbacks;

// A running sender on a manual clock.
internal sealed class SenderFixture : IAsyncDisposable
{
    private readonly CallbackClient _client;

    private SenderFixture(CallbackOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve)
    {
        var connector = new CallbackConnector(new CallbackAddressPolicy(options), resolve ?? Dns.GetHostAddressesAsync);
        _client = new CallbackClient(connector, Time);
        Sender = new CallbackSender(_client, Time, Log);
    }

    public ManualTimeProvider Time { get; } = new();

    public LogCollector<CallbackSender> Log { get; } = new();

    public CallbackSender Sender { get; }

    public static async Task<SenderFixture> StartAsync(
        bool allowPrivateNetworks = true, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        var fixture = new SenderFixture(new CallbackOptions { AllowPrivateNetworks = allowPrivateNetworks }, resolve);
        await fixture.Sender.StartAsync(CancellationToken.None);
        return fixture;
    }

    // Lets the wait behind a failed try pass, once the sender has begun it.
    public async Task RetryAsync(int failedTry, int seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        await Eventually.TrueAsync(
            () => Log.Lines.Any(line => line.Contains($"failed at try {failedTry}:", StringComparison.Ordinal)) && Time.DueIn(time) > 0,
            $"a wait of {time} behind try {failedTry}");
        Time.Advance(time);
    }

    public Task IdleAsync() => Eventually.TrueAsync(() => Sender.UnderWay == 0, "nothing under way");

    public async ValueTask DisposeAsync()
    {
        await Sender.StopAsync(CancellationToken.None);
        Sender.Dispose();
        _client.Dispose();
    }
}
