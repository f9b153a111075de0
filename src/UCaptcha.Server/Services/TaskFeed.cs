using System.Globalization;
using System.Runtime.CompilerServices;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Hosting;
using UCaptcha.V1;

namespace UCaptcha.Server.Services;

/// <summary>Follows the ended tasks of a key in commit order, from a cursor on: the store is the truth, the feed the bell.</summary>
internal sealed class TaskFeed(
    ITaskStore store, FeedPages pages, KeyFeed bells, TaskMessages messages, ServerSetup setup, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private const int MaxIds = 1000;
    private static readonly TimeSpan RetryTooMany = TimeSpan.FromSeconds(10);

    /// <exception cref="RefusedException">A cursor or an id cannot be read, the cursor is ahead of the store, the key has too many streams, or the server is stopping.</exception>
    public async IAsyncEnumerable<WatchTasksResponse> FollowAsync(
        ApiKey key, WatchTasksRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = WantedIds(request);
        using var subscription = bells.Subscribe(key.Id);
        if (subscription.Listeners > setup.Settings.Streams.MaxPerKey)
        {
            throw new RefusedException(
                ErrorCodes.RateLimit, $"This key may have {setup.Settings.Streams.MaxPerKey} streams of watchTasks at once.", retryAfter: RetryTooMany);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var last = await store.LastSequenceAsync(cancellationToken);
        var position = request.Cursor.Length > 0 ? PositionOf(request.Cursor, last) : last;
        // Tells the caller where the stream begins, so that even a cut before the first end loses nothing.
        yield return new WatchTasksResponse { Cursor = TaskMessages.CursorOf(position) };
        var told = clock.GetTimestamp();
        while (true)
        {
            var next = subscription.Next;
            var page = await pages.ReadAsync(key.Id, position, cancellationToken);
            foreach (var task in page.Tasks)
            {
                position = task.Sequence!.Value;
                if (wanted is not null && !wanted.Contains(task.Id) && !wanted.Contains(task.ShortId))
                    continue;
                yield return messages.Ended(TaskView.Of(task));
                told = clock.GetTimestamp();
            }

            if (!page.IsFull)
                await BellAsync(next, setup.Engine.Heartbeat - clock.GetElapsedTime(told), either.Token, cancellationToken);
            // Also when the bell rings on for others.
            if (clock.GetElapsedTime(told) < setup.Engine.Heartbeat)
                continue;
            yield return new WatchTasksResponse { Cursor = TaskMessages.CursorOf(position) };
            told = clock.GetTimestamp();
        }
    }

    /// <summary>Waits for the bell, but no longer than so long.</summary>
    private async Task BellAsync(Task next, TimeSpan longest, CancellationToken either, CancellationToken caller)
    {
        try
        {
            await next.WaitAsync(longest > TimeSpan.Zero ? longest : TimeSpan.Zero, clock, either);
        }
        catch (TimeoutException)
        {
            // It is time for a heartbeat.
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            throw new RefusedException(ErrorCodes.ServiceNotAvailable, "The server is stopping.", retryAfter: TimeSpan.FromSeconds(5));
        }
    }

    private static HashSet<object>? WantedIds(WatchTasksRequest request)
    {
        if (request.TaskIds.Count == 0)
            return null;
        if (request.TaskIds.Count > MaxIds)
            throw new RefusedException(ErrorCodes.BadParameters, "taskIds must have at most 1000 entries.", "taskIds");
        return [.. request.TaskIds.Select(TaskReference.Parse).Select(reference => reference.ShortId == 0 ? (object)reference.Id : reference.ShortId)];
    }

    /// <remarks>A cursor is given after the commit that it stands for, so that only a database that was put back is behind one.</remarks>
    private static long PositionOf(string cursor, long last)
    {
        if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            throw new RefusedException(ErrorCodes.BadParameters, "cursor is not one of this server's.", "cursor");
        return position <= last
            ? position
            : throw new RefusedException(
                ErrorCodes.BadParameters,
                "cursor is ahead of every task that has ended here, as after the restore of an older backup: begin again without one, or with 0 for all results that are kept.",
                "cursor");
    }
}
