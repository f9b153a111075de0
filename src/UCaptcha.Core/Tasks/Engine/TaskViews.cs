using System.Runtime.CompilerServices;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>What clients see of their tasks, now and as they change, wherever a task is under way.</summary>
public sealed class TaskViews
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly BellBoard<Guid> _elsewhere = new();
    private readonly ITaskStore _store;
    private readonly TaskLives _lives;
    private readonly EngineStop _stop;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;

    internal TaskViews(ITaskStore store, TaskLives lives, EngineStop stop, EngineOptions options, TimeProvider clock) =>
        (_store, _lives, _stop, _options, _clock) = (store, lives, stop, options, clock);

    /// <summary>Another node has ended a task: whoever waits for it here looks at once.</summary>
    public void Hear(Guid id) => _elsewhere.Ring(id);

    /// <summary>The present state of a key's task.</summary>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.WrongCaptchaId"/> when the key has no such task.</exception>
    public async ValueTask<TaskView> GetAsync(ApiKey key, TaskReference reference, CancellationToken cancellationToken)
    {
        if (_lives.Find(reference.Id) is { } live)
            return live.Key.Id == key.Id ? live.View : throw TaskReference.Unknown();
        var stored = await LoadAsync(key, reference, cancellationToken).ConfigureAwait(false);
        return _lives.Find(stored.Id)?.View ?? TaskView.Of(stored);
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
            var unchanged = next == view;
            // Kept also when it says the same: only the very view that was last shown is waited on.
            view = next ?? view;
            if (unchanged && _clock.GetElapsedTime(told) < _options.Heartbeat)
                continue;
            told = _clock.GetTimestamp();
            yield return view;
        }
    }

    /// <summary>Waits for the end of a key's task, but no longer than so long, nor than until the server stops.</summary>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.WrongCaptchaId"/> when the key has no such task.</exception>
    public async ValueTask<TaskView> WaitAsync(ApiKey key, Guid id, TimeSpan longest, CancellationToken cancellationToken)
    {
        var view = _lives.Find(id) is { } live && live.Key.Id == key.Id
            ? live.View
            : TaskView.Of(await LoadOwnAsync(key, id, cancellationToken).ConfigureAwait(false));
        return await WaitAsync(key, view, longest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the end of a task that was in this state.</summary>
    internal async ValueTask<TaskView> WaitAsync(ApiKey key, TaskView view, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(longest, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        try
        {
            for (var pause = ShortestPause; !view.Ended; pause = Longer(pause))
                view = await NextViewAsync(key, view, pause, either.Token).ConfigureAwait(false) ?? view;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The wait is over; the task is not.
        }
        catch (RefusedException) when (_stop.Begun)
        {
            // Nor is it now.
        }

        return view;
    }

    /// <summary>The present state of any key's task, or null.</summary>
    internal async ValueTask<TaskView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_lives.Find(id) is { } live)
            return live.View;
        return await _store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } stored ? TaskView.Of(stored) : null;
    }

    /// <exception cref="RefusedException">The key has no such task.</exception>
    internal ValueTask<StoredTask> LoadAsync(ApiKey key, TaskReference reference, CancellationToken cancellationToken) =>
        reference.ShortId == 0 ? LoadOwnAsync(key, reference.Id, cancellationToken) : LoadOwnAsync(key, reference.ShortId, cancellationToken);

    // The view after a change, the same one when it is worth another look, or null after a silent heartbeat.
    private async ValueTask<TaskView?> NextViewAsync(ApiKey key, TaskView view, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (_lives.Find(view.Id) is not { } live)
            return await NextElsewhereAsync(key, view, pause, cancellationToken).ConfigureAwait(false);

        // The stop sets its flag before it wakes: whoever begins to wait after that sees the flag.
        var changed = live.WhenChangedFrom(view);
        if (_stop.Begun)
            throw EngineRefusals.Stopping();
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Stopping);
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
            throw EngineRefusals.Stopping();
        }

        return TaskView.Of(await LoadOwnAsync(key, view.Id, cancellationToken).ConfigureAwait(false));
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async ValueTask<StoredTask> LoadOwnAsync(ApiKey key, Guid id, CancellationToken cancellationToken) =>
        await _store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } stored && stored.KeyId == key.Id
            ? stored
            : throw TaskReference.Unknown();

    private async ValueTask<StoredTask> LoadOwnAsync(ApiKey key, int shortId, CancellationToken cancellationToken) =>
        await _store.FindAsync(key.Id, shortId, cancellationToken).ConfigureAwait(false) ?? throw TaskReference.Unknown();
}
