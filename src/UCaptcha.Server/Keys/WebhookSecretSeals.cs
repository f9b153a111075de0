using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Secrets;

namespace UCaptcha.Server.Keys;

/// <summary>Seals and opens what signs the callbacks of keys that were made at run time.</summary>
internal sealed class WebhookSecretSeals(ServerSetup setup)
{
    /// <summary>The master key that seals, or null: then nothing can be sealed.</summary>
    public string? CurrentKey => setup.Secrets.CurrentKey;

    /// <summary>Seals the text of a secret for a key.</summary>
    public StoredWebhookSecret Seal(long keyId, string text, DateTimeOffset? until = null)
    {
        var made = setup.Secrets.Seal(text, PlaceOf(keyId));
        return new StoredWebhookSecret(made.Key, made.Bytes, until);
    }

    /// <summary>The secrets of a key, or null when one of them cannot be opened here.</summary>
    public IReadOnlyList<WebhookSecret>? Open(StoredKey key)
    {
        var opened = new List<WebhookSecret>(key.WebhookSecrets.Count);
        foreach (var secret in key.WebhookSecrets)
        {
            if (TextOf(key.Id, secret) is not { } text || !WebhookSecret.TryParse(text, out var parsed))
                return null;
            opened.Add(parsed.EndingAt(secret.Until));
        }

        return opened;
    }

    /// <summary>The same secrets under the current master key; they must be such that <see cref="Open"/> opens them.</summary>
    public IReadOnlyList<StoredWebhookSecret> Reseal(long keyId, IReadOnlyList<StoredWebhookSecret> secrets) =>
        [.. secrets.Select(secret => TextOf(keyId, secret) is { } text ? Seal(keyId, text, secret.Until) : secret)];

    private string? TextOf(long keyId, StoredWebhookSecret secret) => setup.Secrets.Open(new SealedSecret(secret.SecretKey, secret.Secret), PlaceOf(keyId));

    private static string PlaceOf(long keyId) => $"key/{keyId}/webhook";
}
