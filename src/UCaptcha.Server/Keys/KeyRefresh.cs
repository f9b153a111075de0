using UCaptcha.Core.Storage;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Keys;

/// <summary>Hears of keys that other nodes changed, within two seconds.</summary>
internal sealed class KeyRefresh(KeyLoader keys, StoreWatch store, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RefreshAsync(stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                // The keys in force stay in force.
                store.Suspect("Looking for changed keys", exception);
            }
        }
    }
}
