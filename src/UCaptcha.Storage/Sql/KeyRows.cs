using System.Data;
using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Keys by way of Dapper: they are read at start and written seldom.</summary>
internal static class KeyRows
{
    private sealed class Row
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public byte[] Hash { get; init; } = [];
        public long Configured { get; init; }
        public long? BudgetMicros { get; init; }
    }

    private sealed class UsageRow
    {
        public long Spent { get; init; }
        public long Reserved { get; init; }
    }

    public static StoredKey Save(IDbConnection connection, NewKey key)
    {
        var id = connection.QuerySingle<long>(KeySql.Save, new
        {
            key.Name,
            Hash = key.Hash.ToDb(),
            Configured = key.Configured ? 1 : 0,
            BudgetMicros = key.Budget?.Micros,
            CreatedAt = key.At.ToDb(),
        });
        return new StoredKey(id, key.Name, key.Hash, key.Configured, key.Budget);
    }

    public static void Revoke(IDbConnection connection, long id, DateTimeOffset at) =>
        connection.Execute(KeySql.Revoke, new { id, at = at.ToDb() });

    public static IReadOnlyList<StoredKey> ListLive(IDbConnection connection) =>
        connection.Query<Row>(KeySql.Live)
            .Select(r => new StoredKey(r.Id, r.Name, r.Hash, r.Configured != 0, r.BudgetMicros is { } budget ? new Usd(budget) : null))
            .ToList();

    public static KeyUsage Usage(IDbConnection connection, long id) =>
        connection.QuerySingleOrDefault<UsageRow>(KeySql.Usage, new { id }) is { } row
            ? new KeyUsage(new Usd(row.Spent), new Usd(row.Reserved))
            : default;
}
