using System.Data;
using System.Text;
using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Reads the ledger by way of Dapper, and proves it.</summary>
internal static class LedgerRows
{
    private const int ProofSeconds = 600;

    private sealed class Row
    {
        public long Id { get; init; }
        public long At { get; init; }
        public long CustomerId { get; init; }
        public long? KeyId { get; init; }
        public byte[]? TaskId { get; init; }
        public string Kind { get; init; } = "";
        public string? Account { get; init; }
        public long AmountMicros { get; init; }
        public string? Reference { get; init; }
        public string? Note { get; init; }

        public LedgerEntry ToEntry() => new(
            Id,
            DbValue.ToTime(At),
            CustomerId,
            KeyId,
            TaskId is null ? null : DbValue.ToId(TaskId),
            LedgerKinds.Parse(Kind),
            Account,
            new Usd(AmountMicros),
            Reference,
            Note);
    }

    private sealed class ProofRow
    {
        public string What { get; init; } = "";
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public long Kept { get; init; }
        public long Proven { get; init; }
    }

    public static IReadOnlyList<LedgerEntry> List(IDbConnection connection, (LedgerFilter Filter, long AfterId, int Limit) page)
    {
        var filter = page.Filter;
        var sql = new StringBuilder(LedgerSql.Select).Append(" WHERE id > @afterId");
        if (filter.CustomerId is not null)
            sql.Append(" AND customer_id = @CustomerId");
        if (filter.KeyId is not null)
            sql.Append(" AND key_id = @KeyId");
        if (filter.TaskId is not null)
            sql.Append(" AND task_id = @TaskId");
        if (filter.Kind is not null)
            sql.Append(" AND kind = @Kind");
        if (filter.Since is not null)
            sql.Append(" AND at >= @Since");
        if (filter.Until is not null)
            sql.Append(" AND at < @Until");
        sql.Append(" ORDER BY id LIMIT @limit");
        return [.. connection.Query<Row>(sql.ToString(), new
        {
            filter.CustomerId,
            filter.KeyId,
            TaskId = filter.TaskId?.ToDb(),
            Kind = filter.Kind is { } kind ? LedgerKinds.ToDb(kind) : null,
            Since = filter.Since?.ToDb(),
            Until = filter.Until?.ToDb(),
            afterId = page.AfterId,
            limit = page.Limit,
        }).Select(row => row.ToEntry())];
    }

    /// <summary>One statement for the differences, so that they are of one moment. It reads all of the ledger.</summary>
    public static LedgerVerdict Verify(IDbConnection connection) => new(
        connection.QuerySingle<long>(LedgerSql.CountProofs, commandTimeout: ProofSeconds),
        [.. connection.Query<ProofRow>(LedgerSql.Differences, commandTimeout: ProofSeconds)
            .Select(row => new LedgerDifference(row.What, row.Id, row.Name, new Usd(row.Kept), new Usd(row.Proven)))]);
}
