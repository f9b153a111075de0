using UCaptcha.Core.Storage;
using UCaptcha.Storage.Sql;

namespace UCaptcha.Storage.Postgres;

/// <summary>A look at the nodes.</summary>
public sealed partial class PostgresStore : INodeStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LiveNode>> ListNodesAsync(CancellationToken cancellationToken)
    {
        var own = _lease.Node;
        return await _reads.ListAsync(
            NodeSql.ListAlive,
            row => new LiveNode(
                Number: row.GetInt64(0),
                Name: row.GetString(1),
                Since: DbValue.ToTime(row.GetInt64(2)),
                LeaseUntil: DbValue.ToTime(row.GetInt64(3)),
                Unfinished: row.GetInt64(4),
                IsThis: row.GetInt64(0) == own),
            [],
            cancellationToken).ConfigureAwait(false);
    }
}
