namespace UCaptcha.Core.Storage;

/// <summary>Tells of the servers, the nodes, that work on the database.</summary>
public interface INodeStore
{
    /// <summary>The nodes that are alive by the database's clock, in the order in which they registered; this one alone where one process owns the database.</summary>
    ValueTask<IReadOnlyList<LiveNode>> ListNodesAsync(CancellationToken cancellationToken);
}

/// <summary>A node that is alive.</summary>
/// <param name="Number">Under which it owns tasks, never used again; 1 where one process owns the database.</param>
/// <param name="Name">For people: its host's name.</param>
/// <param name="Since">When it registered under this number.</param>
/// <param name="LeaseUntil">When its lease runs out if it is not renewed, or null where there are no leases.</param>
/// <param name="Unfinished">Tasks that it owns and that are not at an end.</param>
/// <param name="IsThis">Whether it is the one that was asked.</param>
public sealed record LiveNode(long Number, string Name, DateTimeOffset Since, DateTimeOffset? LeaseUntil, long Unfinished, bool IsThis);
