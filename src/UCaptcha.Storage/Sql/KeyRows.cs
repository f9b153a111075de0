using System.Data;
using Dapper;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Keys by way of Dapper: they are read at start and when they change, and written seldom.</summary>
internal static class KeyRows
{
    private sealed class Row
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public byte[] Hash { get; init; } = [];
        public long Configured { get; init; }
        public long? BudgetMicros { get; init; }
        public long CustomerId { get; init; }
        public string Prefix { get; init; } = "";
        public string Settings { get; init; } = "";
        public string WebhookSecrets { get; init; } = "";
        public byte[]? PreviousHash { get; init; }
        public long? PreviousUntil { get; init; }
        public long CreatedAt { get; init; }
        public long? RevokedAt { get; init; }

        public StoredKey ToKey() => new(Id, Name, Hash, Configured != 0, BudgetMicros is { } budget ? new Usd(budget) : null)
        {
            CustomerId = CustomerId,
            Prefix = Prefix,
            Settings = KeySettingsJson.Read(Settings),
            WebhookSecrets = WebhookSecretsText.Read(WebhookSecrets),
            PreviousHash = PreviousHash,
            PreviousUntil = PreviousUntil is { } until ? DbValue.ToTime(until) : null,
            CreatedAt = DbValue.ToTime(CreatedAt),
            RevokedAt = RevokedAt is { } at ? DbValue.ToTime(at) : null,
        };
    }

    private sealed class UsageRow
    {
        public long Spent { get; init; }
        public long Reserved { get; init; }
    }

    public static StoredKey Save(IDbConnection connection, NewKey key)
    {
        connection.Execute(KeySql.RaiseVersion);
        return connection.QuerySingleOrDefault<long?>(KeySql.Save, Values(key)) is { } id
            ? Find(connection, id)!
            : throw new InvalidOperationException($"The name '{key.Name}' is that of another customer's key.");
    }

    public static void Revoke(IDbConnection connection, long id, DateTimeOffset at)
    {
        connection.Execute(KeySql.RaiseVersion);
        connection.Execute(KeySql.Revoke, new { id, at = at.ToDb() });
    }

    public static StoredKey? Find(IDbConnection connection, long id) => connection.QuerySingleOrDefault<Row>(KeySql.ById, new { id })?.ToKey();

    public static IReadOnlyList<StoredKey> ListLive(IDbConnection connection) =>
        [.. connection.Query<Row>(KeySql.Live).Select(row => row.ToKey())];

    public static IReadOnlyList<StoredKey> List(IDbConnection connection, (long? CustomerId, long AfterId, int Limit) page) =>
        [.. connection.Query<Row>(
                page.CustomerId is null ? KeySql.Page : KeySql.PageOfCustomer,
                new { customerId = page.CustomerId, afterId = page.AfterId, limit = page.Limit })
            .Select(row => row.ToKey())];

    public static long Version(IDbConnection connection) => connection.QuerySingle<long>(KeySql.Version);

    public static KeyUsage Usage(IDbConnection connection, long id) =>
        connection.QuerySingleOrDefault<UsageRow>(KeySql.Usage, new { id }) is { } row
            ? new KeyUsage(new Usd(row.Spent), new Usd(row.Reserved))
            : default;

    /// <summary>The parameters of <see cref="KeySql.Insert"/> and <see cref="KeySql.Save"/>.</summary>
    public static object Values(NewKey key) => new
    {
        key.Name,
        Hash = key.Hash.ToDb(),
        Configured = key.Configured ? 1 : 0,
        BudgetMicros = key.Budget?.Micros,
        CreatedAt = key.At.ToDb(),
        key.CustomerId,
        key.Prefix,
        Settings = KeySettingsJson.Write(key.Settings),
    };
}
