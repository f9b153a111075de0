namespace UCaptcha.Core.Tasks.Engine;

/// <summary>
/// Wakes whoever waits for a moment: one queue and one timer for every poll of every account, so that a hundred
/// thousand tasks under way cost a hundred thousand queue entries and not as many timers.
/// </summary>
internal sealed class PollScheduler : IDisposable
{
    /// <summary>When the clock is set back, a turn may be further away than a timer can be; it looks again and is set anew.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly PriorityQueue<TaskCompletionSource<bool>, DateTimeOffset> _queue = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;
    private bool _stopped;

    public PollScheduler(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(static state => ((PollScheduler)state!).WakeDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes with true at the moment, or with false when the scheduler stops first.</summary>
    public Task<bool> WaitUntilAsync(DateTimeOffset due)
    {
        var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_stopped)
                return Task.FromResult(false);
            _queue.Enqueue(turn, due);
            Arm(due);
        }

        return turn.Task;
    }

    /// <summary>Lets everyone who waits go at once, with false.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            _timer.Dispose();
            while (_queue.TryDequeue(out var turn, out _))
                turn.TrySetResult(false);
        }
    }

    private void WakeDue()
    {
        lock (_lock)
        {
            _armedFor = DateTimeOffset.MaxValue;
            if (_stopped)
                return;
            var now = _clock.GetUtcNow();
            while (_queue.TryPeek(out var turn, out var due))
            {
                if (due > now)
                {
                    Arm(due);
                    return;
                }

                _queue.Dequeue();
                turn.TrySetResult(true);
            }
        }
    }

    private void Arm(DateTimeOffset due)
    {
        if (due >= _armedFor)
            return;
        // Timers count whole milliseconds: round up, so that it never fires before the first turn is due.
        var wait = Math.Ceiling((due - _clock.GetUtcNow()).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, LongestWait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        _armedFor = due;
    }
}
