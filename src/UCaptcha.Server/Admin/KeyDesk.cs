using System.Security.Cryptography;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Keys;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Makes, changes and ends keys. What is committed is in force here when a method returns, elsewhere within seconds.</summary>
internal sealed class KeyDesk(IKeyAdminStore store, IKeyStore usage, KeyLoader ring, KeyTermsReader terms, TimeProvider clock, RandomNumberGenerator random)
{
    private const int LongestOverlapSeconds = 30 * 24 * 3600;

    /// <exception cref="RefusedException">The key cannot be made so.</exception>
    public async Task<CreateKeyResponse> CreateAsync(CreateKeyRequest request, ChangedBy by, CancellationToken cancellationToken)
    {
        Names.Check(request.Name);
        var asked = terms.Read(request.Name, request.Settings, request.HasBudgetMicros ? request.BudgetMicros : null);
        var text = ApiKeyText.Generate(random);
        var key = new NewKey(asked.Name, ApiKeyText.Hash(text), Configured: false, asked.Budget, by.At)
        {
            CustomerId = request.CustomerId == 0 ? StoredCustomer.DefaultId : request.CustomerId,
            Prefix = ApiKeyText.VisiblePart(text),
            Settings = asked.Settings,
        };
        return new CreateKeyResponse { Key = await DoneAsync(await store.CreateKeyAsync(key, by, cancellationToken), cancellationToken), Text = text };
    }

    /// <exception cref="RefusedException">There is none of this id.</exception>
    public async Task<ClientKey> GetAsync(long id, CancellationToken cancellationToken) =>
        await store.FindKeyAsync(id, cancellationToken) is { } key ? await RenderAsync(key, cancellationToken) : throw NotFound();

    /// <exception cref="RefusedException">The page cannot be had.</exception>
    public async Task<ListKeysResponse> ListAsync(ListKeysRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.Size(request.PageSize);
        var page = await store.ListKeysAsync(
            request.CustomerId == 0 ? null : request.CustomerId, Paging.Number(request.PageToken, first: 0), size, cancellationToken);
        var answer = new ListKeysResponse { NextPageToken = Paging.Next(page, size, key => key.Id) };
        foreach (var key in page)
            answer.Keys.Add(await RenderAsync(key, cancellationToken));
        return answer;
    }

    /// <exception cref="RefusedException">The change cannot be made.</exception>
    public async Task<ClientKey> UpdateAsync(UpdateKeyRequest request, MaskWords words, ChangedBy by, CancellationToken cancellationToken) =>
        await DoneAsync(await store.ChangeKeyAsync(request.KeyId, terms.ReadChange(request, words), by, cancellationToken), cancellationToken);

    /// <exception cref="RefusedException">The key cannot be rotated.</exception>
    public async Task<RotateKeyResponse> RotateAsync(RotateKeyRequest request, ChangedBy by, CancellationToken cancellationToken)
    {
        var overlap = Overlap(request.OverlapSeconds);
        var text = ApiKeyText.Generate(random);
        var change = await store.RotateKeyAsync(
            request.KeyId,
            new KeyText(ApiKeyText.Hash(text), ApiKeyText.VisiblePart(text)),
            by.At + overlap,
            by,
            cancellationToken);
        return new RotateKeyResponse { Key = await DoneAsync(change, cancellationToken), Text = text };
    }

    /// <exception cref="RefusedException">The key cannot be revoked.</exception>
    public async Task<ClientKey> RevokeAsync(long id, ChangedBy by, CancellationToken cancellationToken) =>
        await DoneAsync(await store.RevokeKeyAsync(id, by, cancellationToken), cancellationToken);

    /// <summary>How long what is replaced stays good.</summary>
    /// <exception cref="RefusedException">It is below 0 or more than 30 days.</exception>
    public static TimeSpan Overlap(int seconds) => seconds is >= 0 and <= LongestOverlapSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw AdminRefusals.Bad("overlapSeconds", "overlapSeconds must be between 0 and 2592000 (30 days).");

    /// <summary>Puts a change in force here and tells of the key after it.</summary>
    /// <exception cref="RefusedException">The change was not made.</exception>
    public async Task<ClientKey> DoneAsync(KeyChange change, CancellationToken cancellationToken)
    {
        switch (change.Result)
        {
            case KeyChangeResult.Done:
                await ring.RefreshAsync(cancellationToken);
                return await RenderAsync(change.Key!, cancellationToken);
            case KeyChangeResult.UnknownKey:
                throw NotFound();
            case KeyChangeResult.UnknownCustomer:
                throw AdminRefusals.NotFound("customerId", "customer");
            case KeyChangeResult.NameTaken or KeyChangeResult.TextTaken:
                throw AdminRefusals.Taken("name", "There is a key of this name already.");
            case KeyChangeResult.Revoked:
                throw AdminRefusals.NotNow("The key is revoked, for good.");
            case KeyChangeResult.Configured:
                throw AdminRefusals.NotNow("This key comes from the configuration and is changed there.");
            default:
                throw new InvalidOperationException($"The outcome {change.Result} is not known.");
        }
    }

    private static RefusedException NotFound() => AdminRefusals.NotFound("keyId", "key");

    private async Task<ClientKey> RenderAsync(StoredKey key, CancellationToken cancellationToken)
    {
        var used = await usage.GetUsageAsync(key.Id, cancellationToken);
        var message = new ClientKey
        {
            Id = key.Id,
            Name = key.Name,
            CustomerId = key.CustomerId,
            Prefix = key.Prefix,
            Configured = key.Configured,
            Settings = Render(key.Settings),
            SpentMicros = used.Spent.Micros,
            ReservedMicros = used.Reserved.Micros,
            CreatedAt = key.CreatedAt.ToMessage(),
            RevokedAt = key.RevokedAt.ToMessage(),
        };
        var now = clock.GetUtcNow();
        var secrets = ring.Find(key.Id)?.Settings.WebhookSecrets.Where(secret => secret.SignsAt(now)).ToArray() ?? [];
        message.CallbacksSigned = secrets.Length > 0;
        message.PreviousWebhookSecretUntil = secrets.Max(secret => secret.Until).ToMessage();
        if (key.PreviousUntil > now)
            message.PreviousTextUntil = key.PreviousUntil.ToMessage();
        if (key.Budget is { } budget)
            message.BudgetMicros = budget.Micros;
        return message;
    }

    private static ClientKeySettings Render(KeySettings settings) => new()
    {
        Dialect = settings.Dialect ?? "",
        SpeedWeight = settings.SpeedWeight,
        AllowedProviders = { settings.AllowedProviders },
        BlockedProviders = { settings.BlockedProviders },
        AllowedAddresses = { settings.AllowedAddresses.Entries },
        AllowedDomains = { settings.AllowedDomains.Entries },
        RateLimit = settings.RatePer10s ?? 0,
    };
}
