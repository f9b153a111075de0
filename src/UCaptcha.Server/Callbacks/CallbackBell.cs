using UCaptcha.Core.Notifications;

namespace UCaptcha.Server.Callbacks;

/// <summary>Wakes the sender when a callback may be due or room was made. It holds no callback: the store is the truth.</summary>
internal sealed class CallbackBell : IEndedTaskListener
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next ring. Take it before looking at the store, so that no ring falls between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <inheritdoc/>
    public void OnEnded(EndedTask task)
    {
        if (task.CallbackUrl is not null)
            Ring();
    }

    public void Ring() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
