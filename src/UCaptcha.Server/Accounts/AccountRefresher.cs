using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Accounts;

/// <summary>Looks every two seconds whether another node changed the accounts.</summary>
internal sealed partial class AccountRefresher(AccountRegistry registry, TimeProvider clock, ILogger<AccountRefresher> logger) : BackgroundService
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
                LogPostponed(logger, exception);
            }
        }
    }

    [LoggerMessage(EventId = 232, Level = LogLevel.Warning, Message = "The accounts could not be looked up now.")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}
