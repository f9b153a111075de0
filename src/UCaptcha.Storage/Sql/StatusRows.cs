using System.Data;
using Dapper;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Counts what is in a database. Counting results takes about a second for every ten million; each database has its own condition in its index of unfinished tasks.</summary>
internal static class StatusRows
{
    public const string Counts =
        """
        SELECT (SELECT count(*) FROM tasks WHERE state < 3 AND finished_at IS NULL) AS Unfinished,
            (SELECT min(created_at) FROM tasks WHERE state < 3 AND finished_at IS NULL) AS OldestUnfinishedAt,
            (SELECT count(*) FROM tasks WHERE finished_at IS NOT NULL) AS Finished,
            (SELECT min(finished_at) FROM tasks WHERE finished_at IS NOT NULL) AS OldestFinishedAt,
            (SELECT count(*) FROM attempts WHERE state = 4) AS LostAttempts,
            (SELECT count(*) FROM request_ids) AS RequestIds,
            (SELECT coalesce(max(id), 0) FROM ledger) AS LedgerRows,
            (SELECT coalesce(max(id), 0) FROM audit) AS AuditRows
        """;

    private sealed class Row
    {
        public long Unfinished { get; init; }
        public long? OldestUnfinishedAt { get; init; }
        public long Finished { get; init; }
        public long? OldestFinishedAt { get; init; }
        public long LostAttempts { get; init; }
        public long RequestIds { get; init; }
        public long LedgerRows { get; init; }
        public long AuditRows { get; init; }
    }

    /// <summary>Writes another value each time: SQLite writes nothing for one that is there already.</summary>
    public static int Probe(IDbConnection connection) =>
        connection.Execute("INSERT INTO counters (name, value) VALUES ('probe', 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1");

    public static long ReadProbe(IDbConnection connection) => connection.ExecuteScalar<long>("SELECT value FROM counters WHERE name = 'probe'");

    public static StoreStatus Read(IDbConnection connection, long sizeBytes, int schemaVersion)
    {
        var row = connection.QuerySingle<Row>(Counts);
        return new StoreStatus(
            sizeBytes,
            schemaVersion,
            row.Unfinished,
            row.OldestUnfinishedAt is { } unfinishedAt ? DbValue.ToTime(unfinishedAt) : null,
            row.Finished,
            row.OldestFinishedAt is { } finishedAt ? DbValue.ToTime(finishedAt) : null,
            row.LostAttempts,
            row.RequestIds,
            row.LedgerRows,
            row.AuditRows);
    }
}
