using System.Collections.Concurrent;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// Tasks that a commit was to make this node's and of which the database did not say whether it did: it may do so for a while yet, and then nobody works on
/// them. They are looked for until they are found, or were looked for in vain for as long as such a commit can be under way: less and less often, and so
/// that a task that turns up waits at most a tenth of the time for which it was looked for. Safe for any thread.
/// </summary>
internal sealed class Strays
{
    /// <summary>How long a commit whose answer got lost may be under way: it may wait for a synchronous standby that is away.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromHours(24);

    private const int LooksPerAge = 10;

    private readonly ConcurrentDictionary<Guid, StraySearch> _searches = new();

    public void Add(Guid task) => _searches[task] = default;

    /// <summary>What to look for now; to be given to <see cref="Settle"/> once that was done.</summary>
    public IReadOnlyCollection<KeyValuePair<Guid, StraySearch>> Look(DateTimeOffset now) =>
        _searches.IsEmpty ? [] : [.. _searches.Where(stray => stray.Value.NextLook <= now)];

    /// <summary>Forgets what was found, and what will not be.</summary>
    /// <param name="sought">What was looked for.</param>
    /// <param name="at">When the look began.</param>
    /// <param name="found">The tasks that are this node's.</param>
    public void Settle(IReadOnlyCollection<KeyValuePair<Guid, StraySearch>> sought, DateTimeOffset at, IReadOnlySet<Guid> found)
    {
        foreach (var stray in sought)
        {
            var since = stray.Value.Since ?? at;
            if (found.Contains(stray.Key) || at - since > LongestCommit)
                _searches.TryRemove(stray);
            else
                _searches.TryUpdate(stray.Key, new StraySearch(since, at + ((at - since) / LooksPerAge)), stray.Value);
        }
    }

    public void Clear() => _searches.Clear();
}

/// <summary>How the search for a stray goes.</summary>
/// <param name="Since">When it was looked for first, or null before: a database that hangs lets nobody look, and may commit when it goes on.</param>
/// <param name="NextLook">When it is to be looked for again.</param>
internal readonly record struct StraySearch(DateTimeOffset? Since, DateTimeOffset NextLook);
