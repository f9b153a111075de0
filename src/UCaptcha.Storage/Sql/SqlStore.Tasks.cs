using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Statistics, and a look at all tasks.</summary>
public abstract partial class SqlStore : ITaskArchive
{
    /// <inheritdoc cref="ITaskStore.ListStatisticsAsync"/>
    public ValueTask<IReadOnlyList<StatisticsRow>> ListStatisticsAsync(CancellationToken cancellationToken) =>
        ReadAsync(StatisticsRows.List, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTask>> ListTasksAsync(TaskFilter filter, Guid? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(TaskListing.List, (filter, before, limit), cancellationToken);
}
