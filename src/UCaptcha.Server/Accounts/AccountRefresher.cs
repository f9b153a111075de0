using UCaptcha.Core.Storage;
using UCaptcha.Server.Stores;

namespace UCaptcha.Server.Accounts;

/// <summary>Looks every two seconds whether another node changed the accounts.</summary>
internal sealed class AccountRefresher(AccountRegistry registry, StoreWatch store, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await registry.RefreshAsync(stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                store.Suspect("Looking for changed accounts", exception);
            }
        }
    }
}
