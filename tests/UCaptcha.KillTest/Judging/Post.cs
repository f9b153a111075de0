using UCaptcha.KillTest.Driving;

namespace UCaptcha.KillTest.Judging;

/// <summary>Holds the callbacks that came against those that were owed.</summary>
internal static class Post
{
    public static IEnumerable<string> Trace(StoreRecord store, IReadOnlyList<Delivery> came)
    {
        var byTask = came.ToLookup(delivery => delivery.TaskId);
        var owed = store.Callbacks.ToDictionary(callback => callback.Task);
        return [.. store.Tasks.SelectMany(task => OfTask(task, owed.GetValueOrDefault(task.Task), [.. byTask[task.Task.ToString()]])), .. Strangers(store, came)];
    }

    /// <summary>An ended task with a URL: one callback, delivered at least once, always under one id and with the one end.</summary>
    private static IEnumerable<string> OfTask(TaskRow task, CallbackRow? callback, Delivery[] came)
    {
        if (task.CallbackUrl is null)
        {
            if (callback is not null || came.Length > 0)
                yield return $"task {task.Task} has no callback URL and {came.Length} callbacks came";
            yield break;
        }

        if (task.Ended && callback is null)
            yield return $"task {task.Task} ended and owes no callback";
        if (task.Ended && callback is { State: not CallbackRow.Delivered })
            yield return $"the callback of task {task.Task} is in state {callback.State} after {callback.Tries} tries: {callback.LastOutcome}";
        if (task.Ended && !came.Any(delivery => delivery.Taken))
            yield return $"the callback of task {task.Task} never reached its receiver";
        if (came.Select(delivery => delivery.Id).Distinct().Count() > 1)
            yield return $"the callback of task {task.Task} came under {string.Join(" and ", came.Select(delivery => delivery.Id).Distinct())}";
        if (callback is not null && came.FirstOrDefault(delivery => delivery.Id != task.Task.ToString() && delivery.Id != callback.CallbackId.ToString()) is { } strange)
            yield return $"the callback of task {task.Task} came as {strange.Id} and is stored as {callback.CallbackId}";
        if (came.FirstOrDefault(delivery => delivery.StoredState < StoreRecord.Ready) is { } early)
            yield return $"the callback of task {task.Task} came while the task was in state {early.StoredState}";
        foreach (var told in came.Select(delivery => delivery.Told).Distinct().Where(told => !Fits(task, told)))
            yield return $"task {task.Task} of state {task.State} was told by callback as {told}";
        if (came.FirstOrDefault(delivery => delivery.Marker != task.Marker) is { } astray)
            yield return $"the callback of task {task.Task} ({task.Marker}) went to the URL of {astray.Marker}";
    }

    private static IEnumerable<string> Strangers(StoreRecord store, IReadOnlyList<Delivery> came)
    {
        var known = store.Tasks.Select(task => task.Task.ToString()).ToHashSet(StringComparer.Ordinal);
        return came.Where(delivery => !known.Contains(delivery.TaskId)).Select(delivery => $"a callback came for {delivery.TaskId}, which is no task in the store");
    }

    /// <summary>The native form tells no error code, and no token long after the end.</summary>
    private static bool Fits(TaskRow task, Seen told) => task.State switch
    {
        StoreRecord.Ready => told.Status == "ready" && (told.Detail.Length == 0 || told.Detail == task.Token),
        StoreRecord.Failed => told.Status == "failed" && (told.Detail.Length == 0 || told.Detail == task.ErrorCode),
        _ => false,
    };
}
