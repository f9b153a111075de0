using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>The tasks under way in this process: begins their lives, tells of their ends, and waits for them when the server stops.</summary>
internal sealed partial class TaskLives(
    ITaskStore store,
    TaskCatalogue catalogue,
    TaskRunner runner,
    DurableWrites writes,
    LeaseTerm term,
    EngineStop stop,
    IReadOnlyList<IEndedTaskListener> listeners,
    TimeProvider clock,
    ILogger logger)
{
    /// <summary>When to look for a task in doubt: a database may finish a commit after it lost the one who asked for it.</summary>
    private static readonly TimeSpan[] Looks = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    /// <summary>How long a task rests whose life broke off by a fault that nobody foresaw.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, LiveTask> _live = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    /// <summary>How many tasks are under way.</summary>
    public int Count => Volatile.Read(ref _running);

    /// <summary>A task that is under way here, or null.</summary>
    public LiveTask? Find(Guid id) => _live.GetValueOrDefault(id);

    /// <summary>Begins the life of a task that was accepted here.</summary>
    public void Begin(LiveTask task)
    {
        if (TakesItsPlace(task))
            Start(task);
    }

    /// <summary>Takes up a task from the store that is this node's now. False when it is under way here already, or the server is stopping.</summary>
    public bool Adopt(StoredTask stored, IReadOnlyList<StoredAttempt> attempts, ApiKey key) => Adopt(stored, attempts, key, term.Now);

    /// <summary>Leaves every task to other nodes.</summary>
    public void LetGo()
    {
        term.End();
        foreach (var task in _live.Values)
            Forget(task);
    }

    /// <summary>Waits until the store says whether it accepted a task whose client waits no more, and begins its life if it did.</summary>
    public async Task BeginWhenAcceptedAsync(LiveTask task, Task<AcceptOutcome> answer)
    {
        Interlocked.Increment(ref _running);
        try
        {
            if ((await answer.WaitAsync(stop.Cut).ConfigureAwait(false)).Result != AcceptResult.Accepted)
                return;
            EngineMeter.Created(task.Family.Name);
            Begin(task);
        }
        catch (StoreUnavailableException unavailable) when (unavailable.MayHaveWritten)
        {
            _ = ResolveAsync(task);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            // It was not stored, or the next start finds it.
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, task.Stored.Id, exception);
        }
        finally
        {
            LeaveOne();
        }
    }

    /// <summary>Finds out whether a task was stored whose acceptance the store did not confirm, and takes it up if it was.</summary>
    public async Task ResolveAsync(LiveTask task)
    {
        Interlocked.Increment(ref _running);
        try
        {
            foreach (var wait in Looks)
            {
                await Task.Delay(wait, clock, stop.Stopping).ConfigureAwait(false);
                if (await writes.UntilWrittenAsync(task, () => store.FindAsync(task.Stored.Id, CancellationToken.None)).ConfigureAwait(false) is not { } stored)
                    continue;
                // Whoever has it since this node lost its lease found it in the store.
                if (!TaskView.Of(stored).Ended && task.Term == term.Now)
                    Begin(task);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The next start finds it.
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, task.Stored.Id, exception);
        }
        finally
        {
            LeaveOne();
        }
    }

    /// <summary>Completes when no life runs any more; call once the stop has begun.</summary>
    public async Task WhenIdleAsync()
    {
        Interlocked.Increment(ref _running);
        foreach (var task in _live.Values)
            task.Wake();
        LeaveOne();
        await _idle.Task.ConfigureAwait(false);
    }

    private bool Adopt(StoredTask stored, IReadOnlyList<StoredAttempt> attempts, ApiKey key, int since)
    {
        if (stop.Begun)
            return false;
        var underWay = attempts.LastOrDefault(attempt => attempt.State is AttemptState.Submitting or AttemptState.Submitted);
        var task = new LiveTask(stored, catalogue, key, since) { UnderWay = underWay };
        foreach (var attempt in attempts.Where(attempt => attempt != underWay))
            task.History.Recall(attempt);
        if (!TakesItsPlace(task))
            return false;
        Start(task);
        return true;
    }

    /// <summary>Makes it the life of its task here. One of an earlier term makes way: the task was lost, and is this node's again. False when there is another.</summary>
    private bool TakesItsPlace(LiveTask task)
    {
        while (!_live.TryAdd(task.Stored.Id, task))
        {
            if (!_live.TryGetValue(task.Stored.Id, out var present))
                continue;
            if (present.Term >= task.Term)
                return false;
            if (_live.TryUpdate(task.Stored.Id, task, present))
            {
                present.LetGo();
                break;
            }
        }

        return true;
    }

    private void Start(LiveTask task)
    {
        Interlocked.Increment(ref _running);
        ThreadPool.UnsafeQueueUserWorkItem(static start => _ = start.Lives.LiveAsync(start.Task), (Lives: this, Task: task), preferLocal: false);
    }

    private async Task LiveAsync(LiveTask task)
    {
        try
        {
            if (await runner.RunAsync(task).ConfigureAwait(false) is { } end)
                Tell(task, end);
            else if (!stop.Begun)
                Forget(task);
        }
        catch (LeaseLostException)
        {
            Forget(task);
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, task.Stored.Id, exception);
            await BeginAnewAsync(task).ConfigureAwait(false);
        }
        finally
        {
            LeaveOne();
        }
    }

    private void Tell(LiveTask task, TaskView end)
    {
        EngineMeter.Ended(task.Family.Name, end, clock.GetUtcNow() - task.Stored.CreatedAt);
        task.Show(end);
        _live.TryRemove(KeyValuePair.Create(task.Stored.Id, task));
        var ended = new EndedTask(task.Stored.KeyId, end, task.Stored.CallbackUrl, task.Stored.Dialect);
        foreach (var listener in listeners)
            listener.OnEnded(ended);
    }

    /// <summary>Takes a task up from the store as a restart would, after a rest.</summary>
    private async Task BeginAnewAsync(LiveTask task)
    {
        Forget(task);
        try
        {
            await Task.Delay(Rest, clock, stop.Stopping).ConfigureAwait(false);
            if (task.Term == term.Now && await store.FindAsync(task.Stored.Id, stop.Stopping).ConfigureAwait(false) is { FinishedAt: null } stored)
                Adopt(stored, await store.ListAttemptsAsync(stored.Id, stop.Stopping).ConfigureAwait(false), task.Key, task.Term);
        }
        catch (OperationCanceledException)
        {
            // The next start finds it.
        }
        catch (StoreUnavailableException)
        {
            // Who looks after the store tells of it.
            await BeginAnewAsync(task).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, task.Stored.Id, exception);
            await BeginAnewAsync(task).ConfigureAwait(false);
        }
    }

    /// <summary>Another node has it now, or this one in another life.</summary>
    private void Forget(LiveTask task)
    {
        task.LetGo();
        _live.TryRemove(KeyValuePair.Create(task.Stored.Id, task));
    }

    private void LeaveOne()
    {
        if (Interlocked.Decrement(ref _running) == 0 && stop.Begun)
            _idle.TrySetResult();
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Error, Message = "The life of task {TaskId} broke off; it begins anew in half a minute.")]
    private static partial void LogNotEnded(ILogger logger, Guid taskId, Exception exception);
}
