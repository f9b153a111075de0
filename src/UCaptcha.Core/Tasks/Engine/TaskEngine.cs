using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>
/// Accepts tasks, lives their lives and shows them to their clients. A task that was accepted ends ready or failed,
/// whatever dies in between, once <see cref="ResumeAsync"/> has run after a start.
/// </summary>
public sealed partial class TaskEngine : IAsyncDisposable
{
    private static readonly TimeSpan OverloadRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>When to look for a task in doubt: a database may finish a commit after it lost the one who asked for it.</summary>
    private static readonly TimeSpan[] Looks = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    private readonly ConcurrentDictionary<Guid, LiveTask> _live = new();
    private readonly BellBoard<Guid> _elsewhere = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly ITaskStore _store;
    private readonly TaskAcceptance _acceptance;
    private readonly TaskCatalogue _catalogue;
    private readonly AccountPool _pool;
    private readonly StatisticsBook _statistics;
    private readonly IEndedTaskListener[] _listeners;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Admission _admission;
    private readonly DurableWrites _writes;
    private readonly PollScheduler _polls;
    private readonly TaskRunner _runner;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    /// <summary>Makes an engine that has no tasks yet.</summary>
    /// <param name="services">What it works with.</param>
    /// <param name="options">Its budgets and limits.</param>
    /// <param name="clock">The time.</param>
    /// <param name="random">Draws short ids, which nobody may be able to guess.</param>
    /// <param name="logger">Hears of failed attempts.</param>
    public TaskEngine(EngineServices services, EngineOptions options, TimeProvider clock, RandomNumberGenerator random, ILogger<TaskEngine> logger)
    {
        (_store, _catalogue, _pool, _statistics, _options, _clock, _logger) =
            (services.Store, services.Catalogue, services.Pool, services.Statistics, options, clock, logger);
        _listeners = [.. services.Listeners];
        _acceptance = new TaskAcceptance(services.Store, services.Catalogue, services.Router, services.DeniedDomains, options, clock, random)
        {
            InDoubt = task => _ = ResolveAsync(task),
        };
        _admission = new Admission(options.MaxAcceptDelay, clock);
        _writes = new DurableWrites(clock, logger, _cut.Token);
        _polls = new PollScheduler(clock);
        _runner = new TaskRunner(
            services.Store,
            new AttemptPlanner(services.Router, services.Pool, options, clock),
            services.Pool,
            new AttemptBook(services.Router, services.Pool, services.Statistics, clock),
            _polls,
            _writes,
            options,
            clock,
            logger,
            _stopping.Token,
            _cut.Token);
    }

    /// <summary>Whether a new task would be refused now, because the server has more to do than it can.</summary>
    public bool IsOverloaded => _admission.IsFull || Unfinished >= _options.MaxUnfinished;

    /// <summary>When a refused caller should try again.</summary>
    public static TimeSpan RetryAfter => OverloadRetry;

    /// <summary>How many tasks are under way.</summary>
    public int Unfinished => Volatile.Read(ref _running);

    /// <summary>Takes up every task that is not at an end, where no other node works on the store. Call once, before the first task is created.</summary>
    /// <param name="keyOf">The key of an id, or null when it is gone.</param>
    /// <param name="cancellationToken">Ends the call; what was taken up goes on.</param>
    /// <returns>How many tasks were taken up.</returns>
    public async Task<int> ResumeAsync(Func<long, ApiKey?> keyOf, CancellationToken cancellationToken)
    {
        await LoadStatisticsAsync(cancellationToken).ConfigureAwait(false);
        var count = 0;
        await foreach (var (stored, attempts) in _store.ListUnfinishedAsync(cancellationToken).ConfigureAwait(false))
            count += Adopt(stored, attempts, keyOf) ? 1 : 0;
        return count;
    }

    /// <summary>Takes in what all nodes know of the accounts.</summary>
    public async Task LoadStatisticsAsync(CancellationToken cancellationToken) =>
        _statistics.Load(await _store.ListStatisticsAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Takes up a task that is this node's by now. False when it is under way here already, or the server is stopping.</summary>
    /// <param name="stored">The task.</param>
    /// <param name="attempts">Its attempts, in order.</param>
    /// <param name="keyOf">The key of an id, or null when it is gone.</param>
    public bool Adopt(StoredTask stored, IReadOnlyList<StoredAttempt> attempts, Func<long, ApiKey?> keyOf)
    {
        var key = keyOf(stored.KeyId) ?? new ApiKey(stored.KeyId, "(gone)", new KeySettings(), Budget: null);
        var task = new LiveTask(stored, _catalogue, key);
        var underWay = attempts.LastOrDefault(attempt => attempt.State is AttemptState.Submitting or AttemptState.Submitted);
        foreach (var attempt in attempts.Where(attempt => attempt != underWay))
            task.History.Recall(attempt);
        if (_stopping.IsCancellationRequested || !_live.TryAdd(stored.Id, task))
            return false;
        Start(task, underWay);
        return true;
    }

    /// <summary>Leaves every task to the other nodes: this one's lease is lost. What is under way here ends without a word.</summary>
    public void LetGo()
    {
        foreach (var task in _live.Values)
        {
            task.LetGo();
            _live.TryRemove(KeyValuePair.Create(task.Stored.Id, task));
        }
    }

    /// <summary>Another node has ended a task: whoever waits for it here looks at once.</summary>
    public void Hear(Guid id) => _elsewhere.Ring(id);

    /// <summary>Accepts a task. When this returns it is committed.</summary>
    /// <exception cref="RefusedException">The task, the key's settings or its budget do not allow it; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot write; nothing was stored, unless it says that it may have: what was stored goes on.</exception>
    public async ValueTask<TaskView> CreateAsync(NewTask request, CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
            throw Stopping();
        if (Unfinished >= _options.MaxUnfinished)
            throw Overloaded("Too many tasks are under way; try again soon.");

        var accepted = await AdmitAsync(request, cancellationToken).ConfigureAwait(false);
        if (accepted.Task is not { } task)
            return await RepeatedAsync(request, accepted, cancellationToken).ConfigureAwait(false);

        EngineMeter.Created(task.Family.Name);
        _live[task.Stored.Id] = task;
        Start(task, underWay: null);
        if (!accepted.MayAnswerAtOnce)
            return task.View;
        return await WaitAsync(task, view => view.Ended, _options.AnswerAtOnceWait, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The present state of a key's task.</summary>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.WrongCaptchaId"/> when the key has no such task.</exception>
    public async ValueTask<TaskView> GetAsync(ApiKey key, TaskReference reference, CancellationToken cancellationToken)
    {
        if (_live.TryGetValue(reference.Id, out var live))
            return live.Key.Id == key.Id ? live.View : throw TaskReference.Unknown();
        var stored = await LoadAsync(key, reference, cancellationToken).ConfigureAwait(false);
        return _live.TryGetValue(stored.Id, out live) ? live.View : TaskView.Of(stored);
    }

    /// <summary>The present state of a task, for a caller without a key: whoever knows the long id may ask.</summary>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.WrongCaptchaId"/> when there is no such task.</exception>
    public async ValueTask<TaskView> GetByLongIdAsync(Guid id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw TaskReference.Unknown();

    /// <summary>The present state of a key's task at once, then every change, up to its end; in between, again after each silent heartbeat.</summary>
    /// <exception cref="RefusedException">As <see cref="GetAsync"/>; <see cref="ErrorCodes.ServiceNotAvailable"/> when the server stops first.</exception>
    public async IAsyncEnumerable<TaskView> WatchAsync(
        ApiKey key, TaskReference reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var view = await GetAsync(key, reference, cancellationToken).ConfigureAwait(false);
        yield return view;
        var pause = ShortestPause;
        var told = _clock.GetTimestamp();
        while (!view.Ended)
        {
            var next = await NextViewAsync(key, view, pause, cancellationToken).ConfigureAwait(false);
            pause = Longer(pause);
            if (next == view && _clock.GetElapsedTime(told) < _options.Heartbeat)
                continue;
            view = next ?? view;
            told = _clock.GetTimestamp();
            yield return view;
        }
    }

    /// <summary>Waits for the end of a key's task, but no longer than so long.</summary>
    /// <exception cref="RefusedException">As <see cref="GetAsync"/>.</exception>
    public async ValueTask<TaskView> WaitAsync(ApiKey key, Guid id, TimeSpan longest, CancellationToken cancellationToken) =>
        _live.TryGetValue(id, out var live) && live.Key.Id == key.Id
            ? await WaitAsync(live, view => view.Ended, longest, cancellationToken).ConfigureAwait(false)
            : await WaitElsewhereAsync(key, id, longest, cancellationToken).ConfigureAwait(false);

    /// <summary>Stores how a solution fared and tells the provider. A second verdict on a task changes nothing.</summary>
    /// <exception cref="RefusedException">The key has no such task, or it is not ready.</exception>
    public async Task GiveFeedbackAsync(
        ApiKey key, TaskReference reference, bool invalid, string code, string message, CancellationToken cancellationToken)
    {
        var stored = await LoadAsync(key, reference, cancellationToken).ConfigureAwait(false);
        if (stored.State != TaskState.Ready)
            throw new RefusedException(ErrorCodes.BadParameters, "taskId names a task without a solution to judge.", "taskId");
        var attempts = await _store.ListAttemptsAsync(stored.Id, cancellationToken).ConfigureAwait(false);
        var solving = attempts.LastOrDefault(attempt => attempt.State == AttemptState.Solved);
        var now = _clock.GetUtcNow();
        var verdict = new Feedback(stored.Id, invalid, code, message, now)
        {
            Refund = invalid && _options.RefundBadReports && now - stored.FinishedAt <= _options.ResultLifetime,
        };
        if (!await _store.AddFeedbackAsync(verdict, statistics: null, cancellationToken).ConfigureAwait(false) || solving is null)
            return;
        // Stored with the next end of an attempt there; a crash before that forgets one verdict.
        _statistics.RecordFeedback(solving.Account, stored.Family, invalid, now);
        if (_pool.Find(solving.Account) is { } gate && !string.IsNullOrEmpty(solving.UpstreamId))
            _ = ReportAsync(gate.Account, _catalogue.Read(stored.Request), solving.UpstreamId, invalid);
    }

    /// <summary>Takes no more tasks, lets what is being submitted or committed come to its end, and leaves the rest for the next start.</summary>
    /// <param name="grace">After this, upstream calls are cut as well.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_stopping.IsCancellationRequested)
            return;
        Interlocked.Increment(ref _running);
        await _stopping.CancelAsync().ConfigureAwait(false);
        _polls.Dispose();
        _pool.Close();
        foreach (var live in _live.Values)
            live.Wake();
        LeaveOne();
        try
        {
            await _idle.Task.WaitAsync(grace, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _cut.CancelAsync().ConfigureAwait(false);
            await _idle.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _stopping.Dispose();
        _cut.Dispose();
    }

    private static RefusedException Overloaded(string why) => new(ErrorCodes.ServiceNotAvailable, why, retryAfter: OverloadRetry);

    private static RefusedException Stopping() =>
        new(ErrorCodes.ServiceNotAvailable, "The server is stopping.", retryAfter: OverloadRetry);

    private async ValueTask<TaskView> RepeatedAsync(NewTask request, Acceptance repeated, CancellationToken cancellationToken)
    {
        if (repeated.Forgotten is { } forgotten)
            return TaskView.Of(repeated.ExistingTaskId, forgotten);
        // Purged between the two reads: the third has what is left of it.
        return await FindAsync(repeated.ExistingTaskId, cancellationToken).ConfigureAwait(false)
            ?? await CreateAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Acceptance> AdmitAsync(NewTask request, CancellationToken cancellationToken)
    {
        if (!_admission.TryEnter())
            throw Overloaded("The server has more to do than it can; try again soon.");
        var entered = _clock.GetTimestamp();
        try
        {
            return await _acceptance.AcceptAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _admission.Leave(entered);
        }
    }

    private void Start(LiveTask task, StoredAttempt? underWay)
    {
        Interlocked.Increment(ref _running);
        ThreadPool.UnsafeQueueUserWorkItem(
            static start => _ = start.Engine.LiveAsync(start.Task, start.UnderWay), (Engine: this, Task: task, UnderWay: underWay), preferLocal: false);
    }

    private async Task LiveAsync(LiveTask task, StoredAttempt? underWay)
    {
        try
        {
            if (await _runner.RunAsync(task, underWay).ConfigureAwait(false) is not { } end)
            {
                if (!_stopping.IsCancellationRequested)
                    Forget(task);
                return;
            }

            EngineMeter.Ended(task.Family.Name, end, _clock.GetUtcNow() - task.Stored.CreatedAt);
            task.Show(end);
            _live.TryRemove(KeyValuePair.Create(task.Stored.Id, task));
            var ended = new EndedTask(task.Stored.KeyId, end, task.Stored.CallbackUrl, task.Stored.Dialect);
            foreach (var listener in _listeners)
                listener.OnEnded(ended);
        }
        catch (LeaseLostException)
        {
            Forget(task);
        }
        catch (Exception exception)
        {
            LogNotEnded(_logger, task.Stored.Id, exception);
        }
        finally
        {
            LeaveOne();
        }
    }

    private void Forget(LiveTask task)
    {
        task.LetGo();
        _live.TryRemove(KeyValuePair.Create(task.Stored.Id, task));
    }

    /// <summary>Finds out whether a task was stored whose acceptance the store did not confirm, and takes it up if it was.</summary>
    private async Task ResolveAsync(LiveTask task)
    {
        Interlocked.Increment(ref _running);
        try
        {
            foreach (var wait in Looks)
            {
                await Task.Delay(wait, _clock, _stopping.Token).ConfigureAwait(false);
                if (await _writes.UntilWrittenAsync(task, () => _store.FindAsync(task.Stored.Id, CancellationToken.None)).ConfigureAwait(false) is not { } stored)
                    continue;
                if (!TaskView.Of(stored).Ended && _live.TryAdd(task.Stored.Id, task))
                    Start(task, underWay: null);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The next start finds it.
        }
        catch (Exception exception)
        {
            LogNotEnded(_logger, task.Stored.Id, exception);
        }
        finally
        {
            LeaveOne();
        }
    }

    private void LeaveOne()
    {
        if (Interlocked.Decrement(ref _running) == 0 && _stopping.IsCancellationRequested)
            _idle.TrySetResult();
    }

    private async ValueTask<TaskView> WaitAsync(LiveTask task, Func<TaskView, bool> enough, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(longest, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _stopping.Token, cancellationToken);
        var view = task.View;
        try
        {
            for (; !enough(view) && !task.IsLetGo; view = task.View)
                await task.WhenChangedFrom(view).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The wait is over; the task is not.
        }

        return view;
    }

    // The view after a change, the same one when it is worth another look, or null after a silent heartbeat.
    private async ValueTask<TaskView?> NextViewAsync(ApiKey key, TaskView view, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (!_live.TryGetValue(view.Id, out var live))
            return await NextElsewhereAsync(key, view, pause, cancellationToken).ConfigureAwait(false);

        // StopAsync sets the flag before it wakes: whoever begins to wait after that sees the flag.
        var changed = live.WhenChangedFrom(view);
        if (_stopping.IsCancellationRequested)
            throw Stopping();
        try
        {
            await changed.WaitAsync(_options.Heartbeat, _clock, cancellationToken).ConfigureAwait(false);
            return live.View;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>
    /// A task that has just ended, has not yet begun, or is under way at another node: the news of its end may get lost, so that the store is asked
    /// after a pause all the same.
    /// </summary>
    private async ValueTask<TaskView> NextElsewhereAsync(ApiKey key, TaskView view, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var bell = _elsewhere.Subscribe(view.Id);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var next = bell.Next;
        var now = TaskView.Of(await LoadOwnAsync(key, view.Id, cancellationToken).ConfigureAwait(false));
        if (now.Ended || now != view)
            return now;
        try
        {
            await next.WaitAsync(pause, _clock, either.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing was heard.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Stopping();
        }

        return TaskView.Of(await LoadOwnAsync(key, view.Id, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<TaskView> WaitElsewhereAsync(ApiKey key, Guid id, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(longest, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _stopping.Token, cancellationToken);
        var view = TaskView.Of(await LoadOwnAsync(key, id, cancellationToken).ConfigureAwait(false));
        try
        {
            for (var pause = ShortestPause; !view.Ended; pause = Longer(pause))
                view = await NextElsewhereAsync(key, view, pause, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The wait is over; the task is not.
        }

        return view;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async ValueTask<TaskView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_live.TryGetValue(id, out var live))
            return live.View;
        return await _store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } stored ? TaskView.Of(stored) : null;
    }

    private ValueTask<StoredTask> LoadAsync(ApiKey key, TaskReference reference, CancellationToken cancellationToken) =>
        reference.ShortId == 0 ? LoadOwnAsync(key, reference.Id, cancellationToken) : LoadOwnAsync(key, reference.ShortId, cancellationToken);

    private async ValueTask<StoredTask> LoadOwnAsync(ApiKey key, Guid id, CancellationToken cancellationToken) =>
        await _store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } stored && stored.KeyId == key.Id
            ? stored
            : throw TaskReference.Unknown();

    private async ValueTask<StoredTask> LoadOwnAsync(ApiKey key, int shortId, CancellationToken cancellationToken) =>
        await _store.FindAsync(key.Id, shortId, cancellationToken).ConfigureAwait(false) ?? throw TaskReference.Unknown();

    private async Task ReportAsync(IProviderAccount account, TaskRequest request, string upstreamId, bool invalid)
    {
        try
        {
            await account.ReportAsync(request, upstreamId, invalid, _cut.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogReportFailed(_logger, account.Slug, exception);
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Error, Message = "Task {TaskId} could not be brought to an end; it goes on after the next start.")]
    private static partial void LogNotEnded(ILogger logger, Guid taskId, Exception exception);

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "A verdict could not be reported to {Account}.")]
    private static partial void LogReportFailed(ILogger logger, string account, Exception exception);
}
