using Microsoft.Extensions.Logging;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Writes that must not get lost: what was accepted is written again and again until the store takes it, or another node has the task.</summary>
internal sealed partial class DurableWrites(TimeProvider clock, ILogger logger, CancellationToken cut)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // A thousand tasks that all try again must not fill the disk that was full.
    private readonly LogPacing _warnings = new(TimeSpan.FromSeconds(10), clock);

    /// <exception cref="LeaseLostException">The task is not this node's any more.</exception>
    public async ValueTask<T> UntilWrittenAsync<T>(LiveTask task, Func<ValueTask<T>> write)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            if (task.IsLetGo)
                throw new LeaseLostException();
            try
            {
                return await write().ConfigureAwait(false);
            }
            catch (StoreUnavailableException unavailable) when (unavailable is not LeaseLostException)
            {
                if (_warnings.Passes())
                    LogStoreUnavailable(logger, task.Stored.Id, wait.TotalMilliseconds, unavailable.Message);
                await Task.Delay(wait, clock, cut).ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="LeaseLostException">The task is not this node's any more.</exception>
    public async ValueTask UntilWrittenAsync(LiveTask task, Func<ValueTask> write) =>
        await UntilWrittenAsync(task, async () =>
        {
            await write().ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "The store did not take a write of task {TaskId}; trying again in {WaitMs} ms. More of this is told every 10 s at most: {Why}")]
    private static partial void LogStoreUnavailable(ILogger logger, Guid taskId, double waitMs, string why);
}
