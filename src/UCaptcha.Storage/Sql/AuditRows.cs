using System.Data;
using System.Text;
using System.Text.Json;
using Dapper;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>The audit log. A change appends its row on the connection, and so in the transaction, of the change.</summary>
internal static class AuditRows
{
    private const string Insert =
        "INSERT INTO audit (at, actor, address, action, subject, before, after) VALUES (@At, @Actor, @Address, @Action, @Subject, @Before, @After)";

    private const string Select =
        """
        SELECT id AS Id, at AS At, actor AS Actor, address AS Address, action AS Action, subject AS Subject, before AS Before, after AS After
        FROM audit WHERE id < @beforeId
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private sealed class Row
    {
        public long Id { get; init; }
        public long At { get; init; }
        public string Actor { get; init; } = "";
        public string? Address { get; init; }
        public string Action { get; init; } = "";
        public string Subject { get; init; } = "";
        public string? Before { get; init; }
        public string? After { get; init; }
    }

    /// <summary>Appends a row whose before and after are written as JSON; they must hold no secret.</summary>
    public static void Append(IDbConnection connection, ChangedBy by, string action, string subject, object? before, object? after) =>
        Append(connection, new NewAuditEntry(by, action, subject, ToJson(before), ToJson(after)));

    public static void Append(IDbConnection connection, NewAuditEntry entry) => connection.Execute(
        Insert, new { At = entry.By.At.ToDb(), entry.By.Actor, entry.By.Address, entry.Action, entry.Subject, entry.Before, entry.After });

    public static IReadOnlyList<AuditEntry> List(IDbConnection connection, (AuditFilter Filter, long BeforeId, int Limit) page)
    {
        var sql = new StringBuilder(Select);
        if (page.Filter.Actor is not null)
            sql.Append(" AND actor = @Actor");
        if (page.Filter.Action is not null)
            sql.Append(" AND action = @Action");
        if (page.Filter.Subject is not null)
            sql.Append(" AND subject = @Subject");
        sql.Append(" ORDER BY id DESC LIMIT @limit");
        return [.. connection.Query<Row>(
                sql.ToString(), new { page.Filter.Actor, page.Filter.Action, page.Filter.Subject, beforeId = page.BeforeId, limit = page.Limit })
            .Select(row => new AuditEntry(row.Id, DbValue.ToTime(row.At), row.Actor, row.Action, row.Subject, row.Before, row.After, row.Address))];
    }

    private static string? ToJson(object? value) => value is null ? null : JsonSerializer.Serialize(value, Json);
}
