namespace UCaptcha.Core.Storage;

/// <summary>Tells a node what other nodes have committed. News may get lost: whoever waits for it also looks for itself now and then.</summary>
public interface ITaskNews
{
    /// <summary>Follows the news until it is cancelled, whatever happens to the connection.</summary>
    IAsyncEnumerable<TaskNews> FollowAsync(CancellationToken cancellationToken);

    /// <summary>Says something to every other node; does nothing while there is none.</summary>
    /// <param name="words">Without line breaks, each of at most 200 bytes; they may arrive in several pieces.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask SayAsync(IReadOnlyList<string> words, CancellationToken cancellationToken);
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

    /// <summary>The number of the node that says so.</summary>
    public long Node { get; init; }

    /// <summary>What it said beside that.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}
