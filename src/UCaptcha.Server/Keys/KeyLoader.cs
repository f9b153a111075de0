using System.Security.Cryptography;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Hosting;

namespace UCaptcha.Server.Keys;

/// <summary>Brings the stored keys in line with the configuration and fills the ring. Makes the first key when there is none.</summary>
internal sealed class KeyLoader(IKeyStore store, KeyRing ring, TimeProvider clock, RandomNumberGenerator random)
{
    private const string FirstKeyName = "first";

    private readonly Dictionary<long, ApiKey> _byId = [];

    /// <summary>Loads the keys and returns the text of the first key when it was made just now, else null.</summary>
    public async Task<string?> LoadAsync(IReadOnlyList<ConfiguredKey> configured, CancellationToken cancellationToken)
    {
        var settings = configured.ToDictionary(key => key.Name, key => key.Settings, StringComparer.Ordinal);
        // Before the others are saved: the text of a key that is gone may have moved to another name.
        foreach (var gone in (await store.ListKeysAsync(cancellationToken)).Where(key => key.Configured && !settings.ContainsKey(key.Name)))
            await store.RevokeKeyAsync(gone.Id, cancellationToken);
        foreach (var key in configured)
            await store.SaveKeyAsync(new NewKey(key.Name, key.Hash, Configured: true, key.Budget, clock.GetUtcNow()), cancellationToken);

        var stored = await store.ListKeysAsync(cancellationToken);
        string? made = null;
        if (stored.Count == 0)
        {
            made = ApiKeyText.Generate(random);
            stored = [await store.SaveKeyAsync(
                new NewKey(FirstKeyName, ApiKeyText.Hash(made), Configured: false, Budget: null, clock.GetUtcNow()), cancellationToken)];
        }

        foreach (var key in stored)
            _byId[key.Id] = new ApiKey(key.Id, key.Name, settings.GetValueOrDefault(key.Name) ?? new KeySettings(), key.Budget);
        ring.Replace(stored.Select(key => (key.Hash, _byId[key.Id])));
        return made;
    }

    /// <summary>A loaded key by its id, or null.</summary>
    public ApiKey? Find(long id) => _byId.GetValueOrDefault(id);
}
