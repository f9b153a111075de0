using UCaptcha.KillTest.Driving;

namespace UCaptcha.KillTest.Judging;

/// <summary>Holds what clients were told against the store.</summary>
internal static class Witnesses
{
    public static IEnumerable<string> Hear(Evidence evidence)
    {
        var tasks = evidence.Store.Tasks.ToDictionary(task => task.Task.ToString());
        return [
            .. evidence.Tasks.SelectMany(told => Task(told.Key, told.Value, tasks.GetValueOrDefault(told.Key))),
            .. evidence.Feeds.SelectMany(feed => Feed(feed, evidence.Store)),
        ];
    }

    /// <summary>An acknowledged task is there, and everyone saw the one end that it has.</summary>
    private static IEnumerable<string> Task(string id, ToldTask told, TaskRow? stored)
    {
        if (stored is null)
        {
            yield return $"task {id} ({told.Marker}) was acknowledged and is not stored";
            yield break;
        }

        if (stored.Marker != told.Marker)
            yield return $"task {id} was acknowledged for {told.Marker} and is stored for {stored.Marker}";
        foreach (var (by, state) in told.Ends.Where(end => end.State != EndOf(stored)).Distinct())
            yield return $"task {id} is {EndOf(stored)} and {by} saw {state}";
        if (told.Ends.Count == 0)
            yield return $"nobody saw the end of task {id}";
    }

    /// <summary>Every end of the key, once, in the order of the commits.</summary>
    private static IEnumerable<string> Feed(FeedRecord feed, StoreRecord store)
    {
        var key = store.Keys.Single(row => row.Name == feed.Key);
        var ends = store.Tasks.Where(task => task.KeyId == key.Id && task.Ended).OrderBy(task => task.Sequence)
            .Select(task => (task.Sequence!.Value, task.Task.ToString(), EndOf(task))).ToArray();
        if (ends.SequenceEqual(feed.Entries))
            yield break;
        foreach (var missed in ends.Except(feed.Entries))
            yield return $"{feed.Name} never told of {missed}";
        foreach (var twice in feed.Entries.GroupBy(entry => entry.TaskId).Where(group => group.Count() > 1))
            yield return $"{feed.Name} told {twice.Count()} times of {twice.Key}";
        yield return $"{feed.Name} told of {feed.Entries.Count} ends in another order than they were committed in, or of others: there are {ends.Length}";
    }

    private static Seen EndOf(TaskRow task) => task.State switch
    {
        StoreRecord.Ready => new Seen("ready", task.Token!),
        StoreRecord.Failed => new Seen("failed", task.ErrorCode!),
        _ => new Seen("processing", ""),
    };
}
