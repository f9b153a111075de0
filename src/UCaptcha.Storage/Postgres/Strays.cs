using System.Collections.Concurrent;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// Tasks that a commit was to make this node's and of which the database did not say whether it did: it may do so for a while yet, and then nobody works on
/// them. They are looked for until they are found, or were looked for in vain when no such commit can be under way any more. Safe for any thread.
/// </summary>
internal sealed class Strays(TimeProvider time)
{
    /// <summary>How long a commit whose answer got lost may be under way.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _since = new();

    public void Add(Guid task) => _since[task] = time.GetUtcNow();

    /// <summary>What to look for, and since when it has been in doubt; to be given to <see cref="Settle"/> once that was done.</summary>
    public IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> Look() => _since.IsEmpty ? [] : _since.ToArray();

    /// <summary>Forgets what was found, and what will not be.</summary>
    /// <param name="sought">What was looked for.</param>
    /// <param name="at">When the look began.</param>
    /// <param name="found">The tasks that are this node's.</param>
    public void Settle(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> sought, DateTimeOffset at, IReadOnlySet<Guid> found)
    {
        foreach (var stray in sought.Where(stray => found.Contains(stray.Key) || at - stray.Value > LongestCommit))
            _since.TryRemove(stray);
    }

    public void Clear() => _since.Clear();
}
