using System.Threading.Channels;

namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Delivers callbacks in the native form from memory: tried at once and, until the receiver answers 2xx, again 2, 5, 10, 20 and 40 s after each
/// failure. What is under way when the host stops is lost; the result can still be polled.
/// </summary>
/// <remarks>
/// At most 10,000 are under way, at most 1,000 of them to one receiver; 32 workers send, at most 8 of them to one receiver. A callback that waits
/// for its next try holds no worker.
/// </remarks>
internal sealed partial class CallbackSender(CallbackClient client, TimeProvider time, ILogger<CallbackSender> logger) : BackgroundService
{
    /// <summary>How many callbacks may be under way, waiting ones included.</summary>
    public const int Capacity = 10_000;

    /// <summary>How many callbacks to one receiver may be under way.</summary>
    public const int CapacityPerReceiver = 1_000;

    /// <summary>How many are sent at a time.</summary>
    public const int Workers = 32;

    /// <summary>How many are sent to one receiver at a time.</summary>
    public const int WorkersPerReceiver = 8;

    /// <summary>The waits between a failed try and the next.</summary>
    public static readonly IReadOnlyList<TimeSpan> RetryDelays = [.. new[] { 2, 5, 10, 20, 40 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly Channel<CallbackDelivery> _queue = Channel.CreateBounded<CallbackDelivery>(Capacity);
    private readonly ReceiverLanes _lanes = new(WorkersPerReceiver, CapacityPerReceiver);
    private int _underWay;

    /// <summary>How many callbacks are under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Takes a callback and returns at once.</summary>
    /// <param name="url">The URL of createTask, which passed <see cref="CallbackUrlCheck"/>.</param>
    /// <param name="taskId">The task that ended.</param>
    /// <param name="success">Whether it ended with a solution.</param>
    /// <param name="code">The solution's one string (<see cref="SolutionCode"/>) on success, else null.</param>
    /// <returns>False when it was dropped, which is logged: the URL is unusable, or too many are under way.</returns>
    public bool Enqueue(string url, Guid taskId, bool success, string? code)
    {
        if (CallbackQuery.Append(url, taskId, success, code) is not { } target)
        {
            LogUnusable(taskId);
            return false;
        }

        var delivery = new CallbackDelivery(target, taskId);
        if (TryAdmit(delivery.Receiver) && _queue.Writer.TryWrite(delivery))
            return true;
        LogOverflow(delivery.Receiver, taskId);
        return false;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (UnderWay > 0)
            LogAbandoned(UnderWay);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    // No more than fit are ever admitted, so the queue has room for every one of them.
    private bool TryAdmit(string receiver)
    {
        if (Interlocked.Increment(ref _underWay) <= Capacity && _lanes.TryAdmit(receiver))
            return true;
        Interlocked.Decrement(ref _underWay);
        return false;
    }

    private void Dismiss(string receiver)
    {
        _lanes.Dismiss(receiver);
        Interlocked.Decrement(ref _underWay);
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var queued in _queue.Reader.ReadAllAsync(stop))
                for (var next = _lanes.TryEnter(queued) ? queued : null; next is not null; next = _lanes.Leave(next.Receiver))
                    await TryAsync(next, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryAsync(CallbackDelivery delivery, CancellationToken stop)
    {
        var outcome = await client.SendAsync(delivery.Url, stop);
        delivery.Tries++;
        if (!outcome.Delivered && outcome.MayRetry && delivery.Tries <= RetryDelays.Count)
        {
            LogFailed(delivery.Receiver, delivery.TaskId, delivery.Tries, outcome.Reason);
            _ = TryLaterAsync(delivery, RetryDelays[delivery.Tries - 1], stop);
            return;
        }

        Dismiss(delivery.Receiver);
        if (outcome.Delivered)
            LogDelivered(delivery.Receiver, delivery.TaskId, delivery.Tries);
        else
            LogGivenUp(delivery.Receiver, delivery.TaskId, delivery.Tries, outcome.Reason);
    }

    private async Task TryLaterAsync(CallbackDelivery delivery, TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, time, stop);
            await _queue.Writer.WriteAsync(delivery, stop);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
