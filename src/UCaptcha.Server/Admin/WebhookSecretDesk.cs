using UCaptcha.Core;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Keys;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Sets and ends what signs the callbacks of a key. A secret goes in and never comes out.</summary>
internal sealed class WebhookSecretDesk(IKeyAdminStore store, WebhookSecretSeals seals, KeyDesk keys)
{
    /// <exception cref="RefusedException">The secret is none, there is no master key, or the key cannot be changed.</exception>
    public async Task<ClientKey> SetAsync(SetWebhookSecretRequest request, ChangedBy by, CancellationToken cancellationToken)
    {
        var oldUntil = by.At + KeyDesk.Overlap(request.OverlapSeconds);
        if (request.Secret.Length > 0 && !WebhookSecret.TryParse(request.Secret, out _))
            throw AdminRefusals.Bad("secret", "secret must be whsec_ and 24 to 64 random bytes in base64, or empty to sign no more.");
        if (request.Secret.Length > 0 && seals.CurrentKey is null)
            throw AdminRefusals.NoMasterKey("Webhook secrets");
        var next = request.Secret.Length > 0 ? seals.Seal(request.KeyId, request.Secret) : null;
        var change = await store.ChangeKeyAsync(
            request.KeyId, terms => terms with { WebhookSecrets = Follow(terms.WebhookSecrets, next, by.At, oldUntil) }, by, cancellationToken);
        return await keys.DoneAsync(change, cancellationToken);
    }

    // The one in force goes on for a while; one that was on its way out already ends now.
    private static IReadOnlyList<StoredWebhookSecret> Follow(
        IReadOnlyList<StoredWebhookSecret> present, StoredWebhookSecret? next, DateTimeOffset now, DateTimeOffset oldUntil)
    {
        var old = oldUntil > now ? present.Where(secret => secret.Until is null).Select(secret => secret with { Until = oldUntil }) : [];
        return next is null ? [.. old] : [next, .. old];
    }
}
