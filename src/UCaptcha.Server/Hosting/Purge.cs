using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Hosting;

/// <summary>Forgets results and callbacks after their time, in small batches so that nobody waits behind it.</summary>
internal sealed partial class Purge(ITaskStore store, ICallbackStore callbacks, ServerSetup setup, TimeProvider clock, ILogger<Purge> logger)
    : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await PurgeOnceAsync(stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                LogPostponed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PurgeOnceAsync(CancellationToken cancellationToken)
    {
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

    [LoggerMessage(EventId = 210, Level = LogLevel.Warning, Message = "Old results could not be purged now.")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}
