using UCaptcha.Core;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Delivers what the store says is due, at least once and under the same id at every try. In memory is only what is being sent (<see cref="SendingRoom"/>);
/// what a crash cuts is due again after the next start.
/// </summary>
internal sealed partial class CallbackSender(
    ICallbackStore store,
    CallbackDelivery delivery,
    CallbackBell bell,
    CallbackBacklog backlog,
    ReceiverBreakers breakers,
    CallbackMetrics metrics,
    TimeProvider time,
    ILogger<CallbackSender> logger)
    : BackgroundService
{
    /// <summary>How long a claim holds: much longer than the longest try.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(60);

    /// <summary>How often the store is asked when nothing rings.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    private readonly SendingRoom _room = new();
    private readonly LogPacing _warnings = new(BetweenWarnings, time);
    private volatile bool _looking;

    /// <summary>Nothing is being sent, and nothing claimed that is about to be.</summary>
    public bool IsIdle => !_looking && _room.IsEmpty;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var rung = bell.Next;
            _looking = true;
            var rest = await SendAndRestAsync(stoppingToken);
            _looking = false;
            if (rest > TimeSpan.Zero)
                await rung.WaitAsync(rest, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        for (var left = bell.Next; !_room.IsEmpty; left = bell.Next)
            await left;
    }

    /// <summary>Sends what is due and has room; returns how long to rest before the next look.</summary>
    private async Task<TimeSpan> SendAndRestAsync(CancellationToken stop)
    {
        try
        {
            await backlog.TendAsync(stop);
            return await SendDueAsync(stop) ? TimeSpan.Zero : await RestAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (StoreUnavailableException e)
        {
            if (_warnings.Passes())
                LogStoreUnavailable(e.Message);
            return LongestRest;
        }
        catch (Exception e)
        {
            LogBroken(e);
            return LongestRest;
        }
    }

    private async Task<bool> SendDueAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (_room.NextClaim(now, now + ClaimTime) is not { } claim)
            return false;
        // Not cancelled half way: what was claimed is sent, or recorded as cut.
        var due = await store.ClaimCallbacksAsync(claim, CancellationToken.None);
        var resting = new List<StoredCallback>();
        foreach (var callback in due)
        {
            if (!breakers.TryBegin(callback))
            {
                resting.Add(callback);
                continue;
            }

            _room.Enter(callback);
            _ = SendAsync(callback, stop);
        }

        foreach (var lane in resting.GroupBy(callback => callback.Lane))
            await store.DeferCallbacksAsync(lane.Key, [.. lane], breakers.RestingUntil(lane.Key), CancellationToken.None);
        return due.Count > 0;
    }

    private async Task<TimeSpan> RestAsync(CancellationToken stop)
    {
        if (await store.NextCallbackDueAsync(stop) is not { } next)
            return LongestRest;
        var rest = next - time.GetUtcNow();
        // What is due already waits for room, and leaving rings.
        return rest > TimeSpan.Zero && rest < LongestRest ? rest : LongestRest;
    }

    private async Task SendAsync(StoredCallback callback, CancellationToken stop)
    {
        try
        {
            await Task.Yield();
            await RecordAsync(callback, await TryAsync(callback, stop), stop);
        }
        catch (Exception e)
        {
            // Its claim runs out, and it is tried again.
            LogBroken(e);
        }
        finally
        {
            _room.Leave(callback);
            bell.Ring();
        }
    }

    private async Task<CallbackRecord> TryAsync(StoredCallback callback, CancellationToken stop)
    {
        try
        {
            return await delivery.TryAsync(callback, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return delivery.CutShort(callback);
        }
    }

    /// <summary>Writes until it is written; when the server stops first, the callback is tried once more after the next start.</summary>
    private async Task RecordAsync(StoredCallback callback, CallbackRecord record, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                if (await store.RecordCallbackAsync(record, CancellationToken.None))
                    Tell(callback, record);
                return;
            }
            catch (StoreUnavailableException e)
            {
                if (_warnings.Passes())
                    LogStoreUnavailable(e.Message);
                if (stop.IsCancellationRequested)
                    return;
                await Task.Delay(LongestRest, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Tell(StoredCallback callback, CallbackRecord record)
    {
        metrics.Count(record.State);
        switch (record.State)
        {
            case CallbackState.Delivered:
                LogDelivered(callback.Receiver, callback.TaskId, callback.Tries, record.Try.Outcome);
                break;
            case CallbackState.GivenUp:
                LogGivenUp(callback.Receiver, callback.TaskId, callback.Tries, record.Try.Outcome);
                break;
            default:
                LogFailed(callback.Receiver, callback.TaskId, callback.Tries, record.Try.Outcome);
                break;
        }
    }
}
