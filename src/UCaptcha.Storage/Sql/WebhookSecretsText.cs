using System.Text.Json;
using UCaptcha.Core.Storage;

namespace UCaptcha.Storage.Sql;

/// <summary>The sealed webhook secrets of a key as the JSON array that is stored.</summary>
internal static class WebhookSecretsText
{
    private sealed record Entry(string Key, byte[] Secret, long? Until);

    public static string Write(IReadOnlyList<StoredWebhookSecret> secrets) => secrets.Count == 0
        ? "[]"
        : JsonSerializer.Serialize(secrets.Select(secret => new Entry(secret.SecretKey, secret.Secret.ToDb(), secret.Until?.ToDb())));

    public static IReadOnlyList<StoredWebhookSecret> Read(string text) => text == "[]"
        ? []
        : [.. JsonSerializer.Deserialize<Entry[]>(text)!.Select(
            entry => new StoredWebhookSecret(entry.Key, entry.Secret, entry.Until is { } until ? DbValue.ToTime(until) : null))];
}
