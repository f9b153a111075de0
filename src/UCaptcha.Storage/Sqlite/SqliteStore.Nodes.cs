using Dapper;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sqlite;

/// <summary>The only node, since its process owns the file.</summary>
public sealed partial class SqliteStore : INodeStore
{
    private const string CountUnfinished = "SELECT count(*) FROM tasks WHERE state < 3";

    private readonly DateTimeOffset _openedAt;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LiveNode>> ListNodesAsync(CancellationToken cancellationToken)
    {
        var unfinished = await _reads.ReadAsync(
            static (session, _) => session.Connection.ExecuteScalar<long>(CountUnfinished), 0, cancellationToken).ConfigureAwait(false);
        return [new LiveNode(Number: 1, Environment.MachineName, _openedAt, LeaseUntil: null, unfinished, IsThis: true)];
    }
}
