namespace UCaptcha.Core.Storage;

/// <summary>Ended tasks of a key in commit order, without their requests. Many may be held at once, by readers that do not read on, and so a page is small whatever its results are.</summary>
/// <param name="limit">The most tasks.</param>
public sealed class FinishedPage(int limit)
{
    /// <summary>A page whose solutions come to so many bytes has no further task.</summary>
    public const int Bytes = 64 * 1024;

    private readonly List<StoredTask> _tasks = [];
    private int _bytes;

    /// <summary>The tasks.</summary>
    public IReadOnlyList<StoredTask> Tasks => _tasks;

    /// <summary>Whether it takes no further task: then others may follow at once.</summary>
    public bool IsFull => _tasks.Count >= limit || _bytes >= Bytes;

    /// <summary>Adds the task that follows.</summary>
    public void Add(StoredTask task)
    {
        _tasks.Add(task);
        _bytes += task.Solution.Length;
    }
}
