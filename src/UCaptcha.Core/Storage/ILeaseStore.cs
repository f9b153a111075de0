namespace UCaptcha.Core.Storage;

/// <summary>
/// Shares tasks among the nodes that work on one database. A node is registered under a number that is never used again, and owns the tasks that it
/// accepted or claimed for as long as it renews its lease, by the database's clock. Once another node has ended an overdue lease, every write of the
/// old one throws <see cref="LeaseLostException"/>.
/// </summary>
public interface ILeaseStore
{
    /// <summary>How long a lease lasts without being renewed.</summary>
    TimeSpan LeaseTime { get; }

    /// <summary>Renews this node's lease and ends the overdue leases of others.</summary>
    /// <returns>How many nodes are alive, this one included; 0 when this node's own lease is lost.</returns>
    ValueTask<int> RenewAsync(CancellationToken cancellationToken);

    /// <summary>Registers this node anew, after its lease was lost and it let go of every task.</summary>
    ValueTask RegisterAsync(CancellationToken cancellationToken);

    /// <summary>Takes tasks whose node is gone, at most so many; fewer or none when other nodes take them as well.</summary>
    ValueTask<IReadOnlyList<(StoredTask Task, IReadOnlyList<StoredAttempt> Attempts)>> ClaimAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Gives back what this node owns: others may claim it at once. The node writes no more.</summary>
    ValueTask ReleaseAsync(CancellationToken cancellationToken);
}
