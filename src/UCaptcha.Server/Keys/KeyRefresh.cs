using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Keys;

/// <summary>Hears of keys that other nodes changed, within two seconds.</summary>
internal sealed partial class KeyRefresh(KeyLoader keys, TimeProvider clock, ILogger<KeyRefresh> logger) : BackgroundService
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
                LogPostponed(logger, exception);
            }
        }
    }

    [LoggerMessage(EventId = 220, Level = LogLevel.Warning, Message = "Changed keys could not be read now.")]
    private static partial void LogPostponed(ILogger logger, Exception exception);
}
