using UCaptcha.Core.Storage;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Hosting;

/// <summary>Forgets results and callbacks after their time, in small batches so that nobody waits behind it; nothing while this node's clock is wrong.</summary>
internal sealed class Purge(ITaskStore store, ICallbackStore callbacks, StoreWatch watch, ClockWatch clocks, ServerSetup setup, TimeProvider clock)
    : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
            await watch.DoRoundAsync("Purging old results", PurgeOnceAsync, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Forgets what is over now.</summary>
    internal async Task PurgeOnceAsync(CancellationToken cancellationToken)
    {
        if (!clocks.Agrees)
            return;
        var now = clock.GetUtcNow();
        int purged;
        do
            purged = await store.PurgeAsync(now - setup.Engine.ResultLifetime, now - setup.Engine.RequestIdLifetime, BatchSize, cancellationToken);
        while (purged == BatchSize);
        var history = TimeSpan.FromHours(setup.Settings.Callbacks.HistoryHours);
        do
            purged = await callbacks.PurgeCallbacksAsync(now - history, BatchSize, cancellationToken);
        while (purged == BatchSize);
    }
}
