namespace UCaptcha.Core.Storage;

/// <summary>
/// Shares tasks among the nodes that work on one database. A node is registered under a number that is never used again, and owns the tasks that it
/// accepted or claimed for as long as it renews its lease, by the database's clock. Once another node has ended an overdue lease, every write of the
/// old one throws <see cref="LeaseLostException"/>.
/// </summary>
public interface ILeaseStore
{
    /// <summary>The longest that a node's tasks stay its own after its last renewal, until another node has them. A lease itself lasts a little less.</summary>
    TimeSpan LeaseTime { get; }

    /// <summary>
    /// How far this node's clock was ahead of the database's at the last renewal, below zero behind: what a round trip may have taken is left out, so
    /// that it is never less than this, to a millisecond.
    /// </summary>
    TimeSpan ClockOffset { get; }

    /// <summary>Renews this node's lease.</summary>
    /// <returns>How many nodes are alive, this one included; 0 when this node's own lease is lost.</returns>
    ValueTask<int> RenewAsync(CancellationToken cancellationToken);

    /// <summary>Ends the overdue leases of other nodes: what they had can be claimed then.</summary>
    /// <returns>How many were ended.</returns>
    ValueTask<int> EndOverdueAsync(CancellationToken cancellationToken);

    /// <summary>Registers this node anew, after its lease was lost and it let go of every task.</summary>
    ValueTask RegisterAsync(CancellationToken cancellationToken);

    /// <summary>Takes tasks whose node is gone, at most so many; fewer or none when other nodes take them as well.</summary>
    ValueTask<IReadOnlyList<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)>> ClaimAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Gives back what this node owns: others may claim it at once. The node writes no more.</summary>
    ValueTask ReleaseAsync(CancellationToken cancellationToken);
}
