using System.Collections.Concurrent;

namespace UCaptcha.Storage.Postgres;

/// <summary>
/// Tasks that a commit was to make this node's and of which the database did not say whether it did: it may do so for a while yet, and then nobody works on
/// them. They are looked for until they are found, or were looked for in vain for as long as such a commit can be under way. Safe for any thread.
/// </summary>
internal sealed class Strays
{
    /// <summary>How long a commit whose answer got lost may be under way.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMinutes(1);

    // Since the first look, not since the doubt: a database that hangs lets nobody look, and may commit when it goes on.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset?> _soughtSince = new();

    public void Add(Guid task) => _soughtSince[task] = null;

    /// <summary>What to look for, and since when it was in vain; to be given to <see cref="Settle"/> once that was done.</summary>
    public IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset?>> Look() => _soughtSince.IsEmpty ? [] : _soughtSince.ToArray();

    /// <summary>Forgets what was found, and what will not be.</summary>
    /// <param name="sought">What was looked for.</param>
    /// <param name="at">When the look began.</param>
    /// <param name="found">The tasks that are this node's.</param>
    public void Settle(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset?>> sought, DateTimeOffset at, IReadOnlySet<Guid> found)
    {
        foreach (var stray in sought)
        {
            if (found.Contains(stray.Key) || at - stray.Value > LongestCommit)
                _soughtSince.TryRemove(stray);
            else if (stray.Value is null)
                _soughtSince.TryUpdate(stray.Key, at, null);
        }
    }

    public void Clear() => _soughtSince.Clear();
}
