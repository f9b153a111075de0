using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Request ids, statistics, and a look at all tasks.</summary>
public abstract partial class SqlStore : ITaskArchive
{
    /// <inheritdoc cref="ITaskStore.FindRequestAsync"/>
    public ValueTask<AcceptOutcome?> FindRequestAsync(
        long keyId, string requestId, ReadOnlyMemory<byte> fingerprint, CancellationToken cancellationToken) =>
        ReadAsync(RequestIdRows.Find, (keyId, requestId, fingerprint), cancellationToken);

    /// <inheritdoc cref="ITaskStore.ListStatisticsAsync"/>
    public ValueTask<IReadOnlyList<StatisticsRow>> ListStatisticsAsync(CancellationToken cancellationToken) =>
        ReadAsync(StatisticsRows.List, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> ListTasksAsync(TaskFilter filter, Guid? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(TaskListing.List, (filter, before, limit), cancellationToken);

    /// <inheritdoc cref="IStoreKeeper.ProbeAsync"/>
    public virtual async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(static (connection, _) => StatusRows.Probe(connection), 0, cancellationToken).ConfigureAwait(false);
        await ReadAsync(static connection => StatusRows.ReadProbe(connection), cancellationToken).ConfigureAwait(false);
    }
}
