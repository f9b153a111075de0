using System.Data;
using System.Text.Json.Nodes;
using Dapper;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>Changes of keys by administrators, each with its row in the audit log.</summary>
internal static class KeyAdminRows
{
    public static KeyChange Create(IDbConnection connection, (NewKey Key, ChangedBy By) create)
    {
        var (key, by) = create;
        connection.Execute(KeySql.RaiseVersion);
        if (CustomerRows.Find(connection, key.CustomerId) is null)
            return new KeyChange(KeyChangeResult.UnknownCustomer, Key: null);
        if (Taken(connection, key.Name, key.Hash, id: 0) is { } taken)
            return new KeyChange(taken, Key: null);
        var id = connection.QuerySingle<long>(KeySql.Insert + " RETURNING id", KeyRows.Values(key));
        return Done(connection, id, "key.create", before: null, by);
    }

    public static KeyChange Rotate(IDbConnection connection, (long Id, KeyText Text, DateTimeOffset OldUntil, ChangedBy By) rotate)
    {
        var (id, text, oldUntil, by) = rotate;
        return Change(connection, id, "key.rotate", by, before =>
        {
            if (Taken(connection, before.Name, text.Hash, id) is { } taken)
                return taken;
            connection.Execute(
                KeySql.Rotate, new { Hash = text.Hash.ToDb(), text.Prefix, Until = oldUntil.ToDb(), At = by.At.ToDb(), Id = id });
            return KeyChangeResult.Done;
        });
    }

    public static KeyChange ChangeTerms(IDbConnection connection, (long Id, Func<KeyTerms, KeyTerms> Change, ChangedBy By) change) =>
        Change(connection, change.Id, "key.change", change.By, before =>
        {
            var terms = change.Change(new KeyTerms(before.Name, before.Settings, before.Budget) { WebhookSecrets = before.WebhookSecrets });
            if (Taken(connection, terms.Name, before.Hash, change.Id) is { } taken)
                return taken;
            connection.Execute(KeySql.Change, new
            {
                terms.Name,
                Settings = KeySettingsJson.Write(terms.Settings),
                BudgetMicros = terms.Budget?.Micros,
                WebhookSecrets = WebhookSecretsText.Write(terms.WebhookSecrets),
                change.Id,
            });
            return KeyChangeResult.Done;
        });

    public static KeyChange Revoke(IDbConnection connection, (long Id, ChangedBy By) revoke) =>
        Change(connection, revoke.Id, "key.revoke", revoke.By, _ =>
        {
            connection.Execute(KeySql.Revoke, new { id = revoke.Id, at = revoke.By.At.ToDb() });
            return KeyChangeResult.Done;
        });

    public static KeyChange Reseal(
        IDbConnection connection, (long Id, Func<IReadOnlyList<StoredWebhookSecret>, IReadOnlyList<StoredWebhookSecret>> Reseal, ChangedBy By) reseal)
    {
        connection.Execute(KeySql.RaiseVersion);
        if (KeyRows.Find(connection, reseal.Id) is not { } before)
            return new KeyChange(KeyChangeResult.UnknownKey, Key: null);
        connection.Execute(KeySql.Reseal, new { WebhookSecrets = WebhookSecretsText.Write(reseal.Reseal(before.WebhookSecrets)), reseal.Id });
        return Done(connection, reseal.Id, "key.reseal", before, reseal.By, sameSecrets: true);
    }

    private static KeyChange Change(IDbConnection connection, long id, string action, ChangedBy by, Func<StoredKey, KeyChangeResult> change)
    {
        connection.Execute(KeySql.RaiseVersion);
        var before = KeyRows.Find(connection, id);
        var result = before switch
        {
            null => KeyChangeResult.UnknownKey,
            { RevokedAt: not null } => KeyChangeResult.Revoked,
            { Configured: true } => KeyChangeResult.Configured,
            _ => change(before),
        };
        return result == KeyChangeResult.Done ? Done(connection, id, action, before, by) : new KeyChange(result, before);
    }

    private static KeyChange Done(IDbConnection connection, long id, string action, StoredKey? before, ChangedBy by, bool sameSecrets = false)
    {
        var after = KeyRows.Find(connection, id)!;
        AuditRows.Append(
            connection,
            by,
            action,
            $"key/{id}",
            before is null ? null : Describe(before, before.WebhookSecrets),
            Describe(after, sameSecrets || before is null ? after.WebhookSecrets : before.WebhookSecrets));
        return new KeyChange(KeyChangeResult.Done, after);
    }

    private static KeyChangeResult? Taken(IDbConnection connection, string name, ReadOnlyMemory<byte> hash, long id)
    {
        if (connection.QuerySingle<long>(KeySql.NameTaken, new { name, id }) > 0)
            return KeyChangeResult.NameTaken;
        return connection.QuerySingle<long>(KeySql.TextTaken, new { hash = hash.ToDb(), id }) > 0 ? KeyChangeResult.TextTaken : null;
    }

    /// <summary>A key without its secrets, of which only is told which were not there before.</summary>
    private static object Describe(StoredKey key, IReadOnlyList<StoredWebhookSecret> known) => new
    {
        key.Name,
        key.CustomerId,
        key.Prefix,
        BudgetUsd = key.Budget?.ToDollars(),
        Settings = JsonNode.Parse(KeySettingsJson.Write(key.Settings)),
        WebhookSecrets = key.WebhookSecrets.Select(secret => new
        {
            Secret = known.Any(earlier => earlier.Secret.Span.SequenceEqual(secret.Secret.Span)) ? "sealed" : "(new)",
            secret.SecretKey,
            secret.Until,
        }),
        key.PreviousUntil,
        key.RevokedAt,
    };
}
