using System.Data;
using System.Text.Json.Nodes;
using Dapper;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Accounts added at run time, by way of Dapper: they are few and change seldom.</summary>
internal static class AccountRows
{
    private const string Columns =
        "slug AS Slug, settings AS Settings, secret AS Secret, secret_key AS SecretKey, revision AS Revision, created_at AS CreatedAt, updated_at AS UpdatedAt";

    private sealed class Row
    {
        public string Slug { get; init; } = "";
        public string Settings { get; init; } = "";
        public byte[] Secret { get; init; } = [];
        public string SecretKey { get; init; } = "";
        public long Revision { get; init; }
        public long CreatedAt { get; init; }
        public long UpdatedAt { get; init; }
    }

    public static long Version(IDbConnection connection) =>
        connection.QuerySingle<long>("SELECT value FROM counters WHERE name = 'accounts_version'");

    public static IReadOnlyList<StoredAccount> List(IDbConnection connection) =>
        connection.Query<Row>($"SELECT {Columns} FROM accounts ORDER BY slug").Select(Read).ToList();

    public static IReadOnlyList<string> ListResting(IDbConnection connection) =>
        connection.Query<string>("SELECT slug FROM resting_accounts ORDER BY slug").ToList();

    public static bool Create(IDbConnection connection, StoredAccount account, ChangedBy by)
    {
        const string Insert =
            """
            INSERT INTO accounts (slug, settings, secret, secret_key, created_at, updated_at)
            VALUES (@Slug, @Settings, @Secret, @SecretKey, @At, @At) ON CONFLICT (slug) DO NOTHING
            """;
        if (connection.Execute(Insert, Parameters(account, by)) == 0)
            return false;
        Changed(connection, by, "account.create", account.Slug, before: null, account.Settings);
        return true;
    }

    public static bool Update(IDbConnection connection, StoredAccount account, bool replaced, ChangedBy by)
    {
        const string Change =
            """
            UPDATE accounts SET settings = @Settings, secret = @Secret, secret_key = @SecretKey, revision = revision + 1, updated_at = @At
            WHERE slug = @Slug AND revision = @Revision
            """;
        var before = connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM accounts WHERE slug = @Slug", new { account.Slug });
        if (connection.Execute(Change, Parameters(account, by)) == 0)
            return false;
        var (was, now) = (before!.Settings, account.Settings);
        if (before.SecretKey != account.SecretKey)
            (was, now) = (With(was, "sealedUnder", before.SecretKey), With(now, "sealedUnder", account.SecretKey));
        Changed(connection, by, "account.update", account.Slug, was, replaced ? With(now, "apiKey", "(replaced)") : now);
        return true;
    }

    public static bool Delete(IDbConnection connection, string slug, ChangedBy by)
    {
        if (connection.QuerySingleOrDefault<string>("DELETE FROM accounts WHERE slug = @slug RETURNING settings", new { slug }) is not { } settings)
            return false;
        connection.Execute("DELETE FROM resting_accounts WHERE slug = @slug", new { slug });
        Changed(connection, by, "account.delete", slug, settings, after: null);
        return true;
    }

    public static bool Rest(IDbConnection connection, string slug, bool rest, ChangedBy by)
    {
        var changed = rest
            ? connection.Execute("INSERT INTO resting_accounts (slug, since) VALUES (@slug, @at) ON CONFLICT (slug) DO NOTHING", new { slug, at = by.At.ToDb() })
            : connection.Execute("DELETE FROM resting_accounts WHERE slug = @slug", new { slug });
        if (changed == 0)
            return false;
        Changed(connection, by, rest ? "account.disable" : "account.enable", slug, Enabled(rest), Enabled(!rest));
        return true;
    }

    private static string Enabled(bool enabled) => enabled ? """{"enabled":true}""" : """{"enabled":false}""";

    private static string With(string settings, string name, string value)
    {
        var json = JsonNode.Parse(settings)!;
        json[name] = value;
        return json.ToJsonString();
    }

    private static object Parameters(StoredAccount account, ChangedBy by) => new
    {
        account.Slug,
        account.Settings,
        Secret = account.Secret.ToDb(),
        account.SecretKey,
        account.Revision,
        At = by.At.ToDb(),
    };

    private static void Changed(IDbConnection connection, ChangedBy by, string action, string slug, string? before, string? after)
    {
        connection.Execute("UPDATE counters SET value = value + 1 WHERE name = 'accounts_version'");
        AuditRows.Append(connection, new NewAuditEntry(by, action, $"account/{slug}", before, after));
    }

    private static StoredAccount Read(Row row) => new(
        row.Slug, row.Settings, row.Secret, row.SecretKey, row.Revision, DbValue.ToTime(row.CreatedAt), DbValue.ToTime(row.UpdatedAt));
}
