namespace UCaptcha.KillTest.Judging;

/// <summary>Holds the store against the services' own record: the promises that need no client to have watched.</summary>
public static class Oracle
{
    /// <summary>Every broken promise in a sentence with its evidence; none when all hold.</summary>
    public static IEnumerable<string> Judge(StoreRecord store, IReadOnlyList<UpstreamTask> upstream)
    {
        var taken = upstream.ToLookup(task => task.Marker);
        return [.. Markers(store), .. store.Tasks.SelectMany(task => Life(task, [.. store.Attempts[task.Task]], [.. taken[task.Marker]])), .. Strangers(store, taken), .. Accounts.Audit(store)];
    }

    /// <summary>One submission is one task, and so is one request id of a key.</summary>
    private static IEnumerable<string> Markers(StoreRecord store)
    {
        foreach (var twins in store.Tasks.GroupBy(task => task.Marker).Where(group => group.Count() > 1))
            yield return $"{twins.Key} is {twins.Count()} tasks: {string.Join(", ", twins.Select(task => task.Task))}";
        foreach (var twins in store.Tasks.Where(task => task.RequestId is not null).GroupBy(task => (task.KeyId, task.RequestId)).Where(group => group.Count() > 1))
            yield return $"request id {twins.Key.RequestId} of key {twins.Key.KeyId} is {twins.Count()} tasks";
    }

    /// <summary>One task: one end, one try at each account unless it refused cleanly, nothing sent without an intent.</summary>
    private static IEnumerable<string> Life(TaskRow task, AttemptRow[] attempts, UpstreamTask[] taken)
    {
        var evidence = $"; {string.Join("; ", attempts.Select(attempt => attempt.ToString()))}; upstream has {string.Join(", ", taken.Select(t => $"{t.Account}/{t.Id}"))}";
        if (!task.Ended)
            yield return $"task {task.Task} is not at an end{evidence}";
        if (task.Ended && attempts.FirstOrDefault(attempt => attempt.Open) is { } open)
            yield return $"task {task.Task} ended with attempt {open.Number} open{evidence}";
        if (task.Attempts != attempts.Length || attempts.Where((attempt, i) => attempt.Number != i + 1).Any())
            yield return $"task {task.Task} counts {task.Attempts} attempts and has {attempts.Length}{evidence}";
        if (task.State == StoreRecord.Ready != (attempts.Count(attempt => attempt.Solved) == 1) || attempts.SkipLast(1).Any(attempt => attempt.Solved))
            yield return $"task {task.Task} of state {task.State} has {attempts.Count(attempt => attempt.Solved)} solved attempts{evidence}";
        foreach (var account in taken.GroupBy(t => t.Account))
        {
            if (account.Count() > 1)
                yield return $"task {task.Task} was submitted {account.Count()} times to {account.Key}{evidence}";
            if (!attempts.Any(attempt => attempt.Account == account.Key))
                yield return $"task {task.Task} was submitted to {account.Key} without an intent in the store{evidence}";
        }

        foreach (var account in attempts.GroupBy(attempt => attempt.Account).Where(group => group.Count(attempt => !attempt.RefusedCleanly) > 1))
            yield return $"task {task.Task} was tried more than once on {account.Key}{evidence}";
        foreach (var attempt in attempts.Where(attempt => attempt.UpstreamId is not null && !taken.Any(t => t.Account == attempt.Account && t.Id == attempt.UpstreamId)))
            yield return $"task {task.Task} has an upstream id that {attempt.Account} never gave{evidence}";
        if (task.State == StoreRecord.Ready && attempts.LastOrDefault(attempt => attempt.Solved) is { } solving)
        {
            if (task.Token != $"EMU-{solving.Account}-{solving.UpstreamId}")
                yield return $"task {task.Task} has the solution {task.Token}{evidence}";
            if (taken.Any(t => t.Account == solving.Account && t.Id == solving.UpstreamId && !t.Solved))
                yield return $"task {task.Task} is ready and {solving.Account} never solved it{evidence}";
        }
    }

    private static IEnumerable<string> Strangers(StoreRecord store, ILookup<string, UpstreamTask> taken)
    {
        var known = store.Tasks.Select(task => task.Marker).ToHashSet(StringComparer.Ordinal);
        return taken.Where(group => !known.Contains(group.Key)).Select(group => $"{group.Key} was submitted to {group.First().Account} and is no task in the store");
    }
}
