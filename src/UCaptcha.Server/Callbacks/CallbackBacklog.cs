using Microsoft.Extensions.Options;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Callbacks;

/// <summary>Keeps what waits to be sent within bounds: of each key only so many, and none for long when its receiver does not answer for a day.</summary>
internal sealed partial class CallbackBacklog(
    ICallbackStore store, ReceiverBreakers breakers, CallbackMetrics metrics, IOptions<CallbackOptions> options, TimeProvider time, ILogger<CallbackBacklog> logger)
{
    /// <summary>How long a receiver may not answer before the callbacks that have waited so long for it are given up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    private const int Batch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private DateTimeOffset _tendedAt;

    /// <summary>Gives up what is too much or too old and counts the rest, every 10 s; does nothing in between.</summary>
    public async Task TendAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _tendedAt < Pause)
            return;
        var pending = await store.CountPendingCallbacksAsync(cancellationToken);
        pending -= await GiveUpAsync(now, pending > options.Value.MaxPendingPerKey ? options.Value.MaxPendingPerKey : null, cancellationToken);
        metrics.Backlog(pending, breakers.Resting);
        _tendedAt = now;
    }

    private async Task<int> GiveUpAsync(DateTimeOffset now, int? mostPerKey, CancellationToken cancellationToken)
    {
        var excess = new CallbackExcess(now, breakers.RestingSince(now - LongestWait), now - LongestWait, mostPerKey, Batch);
        if (mostPerKey is null && excess.Dead.Count == 0)
            return 0;
        var all = 0;
        int some;
        do
        {
            some = await store.GiveUpCallbacksAsync(excess, cancellationToken);
            all += some;
        }
        while (some == Batch);
        if (all == 0)
            return 0;
        metrics.Count(CallbackState.GivenUp, all);
        LogGivenUp(all);
        return all;
    }

    [LoggerMessage(EventId = 292, Level = LogLevel.Warning, Message = "{Count} callbacks given up that waited for more than a day or were too many")]
    private partial void LogGivenUp(int count);
}
