namespace UCaptcha.Core.Storage;

/// <summary>Looks after the database itself.</summary>
public interface IStoreKeeper
{
    /// <summary>Writes and reads a little, to find out whether it can. Changes nothing that anybody sees.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be written or read now.</exception>
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    /// <summary>How large it is and what waits in it.</summary>
    ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Copies the database as it is at one moment into a new file, while others read and write.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="cancellationToken">Ends the call before it begins.</param>
    /// <returns>The size of the copy in bytes.</returns>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    /// <exception cref="NotSupportedException">The database has a tool of its own for this; the message names it.</exception>
    ValueTask<long> BackupAsync(string path, CancellationToken cancellationToken);
}

/// <summary>The state of a database.</summary>
/// <param name="SizeBytes">On disk, journals included.</param>
/// <param name="SchemaVersion">The version of its schema.</param>
/// <param name="Unfinished">Tasks that are not at an end.</param>
/// <param name="OldestUnfinishedAt">When the oldest of them was accepted, or null.</param>
/// <param name="Finished">Results that are kept.</param>
/// <param name="OldestFinishedAt">When the oldest of them ended, or null: it is purged next.</param>
/// <param name="LostAttempts">Attempts of kept tasks that may or may not exist upstream.</param>
/// <param name="RequestIds">Request ids that are remembered.</param>
/// <param name="LedgerRows">Rows of the ledger.</param>
/// <param name="AuditRows">Rows of the audit log.</param>
public sealed record StoreStatus(
    long SizeBytes,
    int SchemaVersion,
    long Unfinished,
    DateTimeOffset? OldestUnfinishedAt,
    long Finished,
    DateTimeOffset? OldestFinishedAt,
    long LostAttempts,
    long RequestIds,
    long LedgerRows,
    long AuditRows);
