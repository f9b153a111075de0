namespace UCaptcha.Core.Storage;

/// <summary>Tells a node what other nodes have committed. News may get lost: whoever waits for it also looks for itself now and then.</summary>
public interface ITaskNews
{
    /// <summary>Follows the news until it is cancelled, whatever happens to the connection.</summary>
    IAsyncEnumerable<TaskNews> FollowAsync(CancellationToken cancellationToken);
}

/// <summary>News from another node.</summary>
/// <param name="Ended">Tasks that ended there.</param>
/// <param name="Orphans">A node has left, and its tasks can be claimed.</param>
/// <param name="Missed">There may have been news that did not arrive.</param>
public sealed record TaskNews(IReadOnlyList<TaskNews.EndedTask> Ended, bool Orphans, bool Missed)
{
    /// <summary>A task that ended at another node.</summary>
    /// <param name="Id">The task.</param>
    /// <param name="KeyId">Its key.</param>
    public readonly record struct EndedTask(Guid Id, long KeyId);
}
