using UCaptcha.Server.Accounts;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Hosting;

/// <summary>Hears of keys and accounts that other nodes changed, within two seconds. Until then, and while the store is away, those in force stay in force.</summary>
internal sealed class ChangeReader(KeyLoader keys, AccountRegistry accounts, StoreWatch watch, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            await watch.DoRoundAsync("Looking for changed keys", keys.RefreshAsync, stoppingToken);
            await watch.DoRoundAsync("Looking for changed accounts", accounts.RefreshAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
