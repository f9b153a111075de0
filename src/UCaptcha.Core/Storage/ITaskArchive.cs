using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Storage;

/// <summary>Looks through all tasks, for administrators.</summary>
public interface ITaskArchive
{
    /// <summary>Tasks created before another one, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">The last one of the page before, or null for the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IReadOnlyList<StoredTask>> ListTasksAsync(TaskFilter filter, Guid? before, int limit, CancellationToken cancellationToken);
}

/// <summary>Which tasks to list; null is any.</summary>
public sealed record TaskFilter
{
    /// <summary>Of this customer.</summary>
    public long? CustomerId { get; init; }

    /// <summary>Of this key.</summary>
    public long? KeyId { get; init; }

    /// <summary>In this state.</summary>
    public TaskState? State { get; init; }

    /// <summary>With an attempt that may or may not exist upstream.</summary>
    public bool LostAttempts { get; init; }

    /// <summary>Created at or after this moment.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before this moment.</summary>
    public DateTimeOffset? Until { get; init; }
}
