using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Options;

namespace UCaptcha.Server.Keys;

/// <summary>Brings the stored keys in line with the configuration and keeps the ring in line with the store. Makes the first key when there is none.</summary>
internal sealed partial class KeyLoader(
    IKeyStore store,
    IKeyAdminStore archive,
    KeyRing ring,
    WebhookSecretSeals seals,
    TimeProvider clock,
    RandomNumberGenerator random,
    ILogger<KeyLoader> logger)
{
    private const string FirstKeyName = "first";
    private const int PageSize = 1000;

    private readonly SemaphoreSlim _one = new(1);
    private Dictionary<string, KeySettings> _configured = [];
    private Dictionary<long, ApiKey> _byId = [];
    private HashSet<long> _sealed = [];
    private long _version = -1;

    /// <summary>Loads the keys.</summary>
    /// <exception cref="SettingsException">A key's text or name is taken by one that the configuration does not rule, or a webhook secret cannot be opened.</exception>
    public async Task LoadAsync(IReadOnlyList<ConfiguredKey> configured, CancellationToken cancellationToken)
    {
        _configured = configured.ToDictionary(key => key.Name, key => key.Settings, StringComparer.Ordinal);
        await CheckAsync(configured, cancellationToken);
        // Before they are saved: the text of one may have moved to another.
        foreach (var stored in (await store.ListKeysAsync(cancellationToken)).Where(key => key.Configured))
        {
            if (!_configured.ContainsKey(stored.Name))
                LogGone(stored.Name);
            else if (!configured.Any(key => key.Name != stored.Name && key.Hash.AsSpan().SequenceEqual(stored.Hash.Span)))
                continue;
            await store.RevokeKeyAsync(stored.Id, cancellationToken);
        }

        foreach (var key in configured)
        {
            await store.SaveKeyAsync(
                new NewKey(key.Name, key.Hash, Configured: true, key.Budget, clock.GetUtcNow()) { Settings = key.Settings }, cancellationToken);
        }

        await ResealAsync(cancellationToken);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Makes a key when there is none, and returns its text, which nobody can look up again; else null.</summary>
    public async Task<string?> MakeFirstAsync()
    {
        if (_configured.Count > 0 || (await store.ListKeysAsync(CancellationToken.None)).Any(key => !key.Configured))
            return null;
        var text = ApiKeyText.Generate(random);
        var first = new NewKey(FirstKeyName, ApiKeyText.Hash(text), Configured: false, Budget: null, clock.GetUtcNow()) { Prefix = ApiKeyText.VisiblePart(text) };
        if (!await TryMakeAsync(first))
            return null;
        try
        {
            await RefreshAsync(CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // It is stored, and must be shown; it comes into force with the next look at the store.
        }

        return text;
    }

    /// <summary>Puts the stored keys in force, if any was changed since the last time. Costs one small read when none was.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(cancellationToken);
            ring.Confirm();
        }
        catch (StoreUnavailableException)
        {
            ring.Doubt();
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>A key by its id, revoked or not: its tasks go on under its settings. Null when there is none.</summary>
    public ApiKey? Find(long id) => Volatile.Read(ref _byId).GetValueOrDefault(id);

    /// <summary>A key whose callbacks can be sent from here; null also when it has a secret that cannot be opened, so that none goes out unsigned.</summary>
    public ApiKey? FindToSign(long id) => Volatile.Read(ref _sealed).Contains(id) ? null : Find(id);

    /// <summary>False when another node that starts at this moment made it.</summary>
    private async Task<bool> TryMakeAsync(NewKey first)
    {
        for (var number = 1; ; number++)
        {
            var named = number == 1 ? first : first with { Name = $"{first.Name}-{number}" };
            if ((await archive.CreateKeyAsync(named, new ChangedBy("start", first.At), CancellationToken.None)).Result == KeyChangeResult.Done)
                return true;
            // Else the name is that of a key which was revoked, for good.
            if ((await store.ListKeysAsync(CancellationToken.None)).Any(key => !key.Configured))
                return false;
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var version = await store.KeysVersionAsync(cancellationToken);
        if (version == _version)
            return;
        var live = await store.ListKeysAsync(cancellationToken);
        ring.Replace(live.Select(key => (key, ToApiKey(key))));
        await LoadAllAsync(cancellationToken);
        _version = version;
    }

    /// <summary>Keys made at run time are changed at run time only, and those of other customers with them.</summary>
    private async Task CheckAsync(IReadOnlyList<ConfiguredKey> configured, CancellationToken cancellationToken)
    {
        var problems = new SettingsProblems();
        await foreach (var stored in AllAsync(cancellationToken))
        {
            foreach (var key in configured)
            {
                if (key.Name == stored.Name && stored.CustomerId != StoredCustomer.DefaultId)
                    problems.Add($"UCaptcha:Keys:{key.Name} has the name of a key of customer {stored.CustomerId}; give it another.");
                else if (key.Name != stored.Name && stored is { Configured: false, RevokedAt: null } && key.Hash.AsSpan().SequenceEqual(stored.Hash.Span))
                    problems.Add($"UCaptcha:Keys:{key.Name}:Key is the text of the key {stored.Name}, which was made at run time; revoke that one first, or use another text.");
            }
        }

        problems.ThrowIfAny();
    }

    private async Task LoadAllAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<long, ApiKey>();
        var unopened = new HashSet<long>();
        await foreach (var key in AllAsync(cancellationToken))
        {
            all[key.Id] = ToApiKey(key);
            if (seals.Open(key) is not { } secrets)
                unopened.Add(key.Id);
            else if (secrets.Count > 0)
                all[key.Id] = all[key.Id] with { Settings = all[key.Id].Settings with { WebhookSecrets = secrets } };
        }

        foreach (var id in unopened.Except(_sealed))
            LogSealed(id);
        Volatile.Write(ref _sealed, unopened);
        Volatile.Write(ref _byId, all);
    }

    /// <summary>Every key there ever was.</summary>
    private async IAsyncEnumerable<StoredKey> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        IReadOnlyList<StoredKey> page;
        do
        {
            page = await archive.ListKeysAsync(customerId: null, after, PageSize, cancellationToken);
            foreach (var key in page)
                yield return key;
            after = page.Count > 0 ? page[^1].Id : after;
        }
        while (page.Count == PageSize);
    }

    /// <summary>Brings all webhook secrets under the current master key. One that cannot be opened keeps the server from starting, unless its key is revoked.</summary>
    private async Task ResealAsync(CancellationToken cancellationToken)
    {
        var problems = new SettingsProblems();
        await foreach (var key in AllAsync(cancellationToken))
        {
            var opens = seals.Open(key) is not null;
            if (!opens && key.RevokedAt is null)
                problems.Add($"The webhook secrets of the key {key.Name} are sealed under a master key that is neither UCaptcha:Secrets:MasterKey nor among UCaptcha:Secrets:PreviousKeys.");
            else if (opens && seals.CurrentKey is { } current && key.WebhookSecrets.Any(secret => secret.SecretKey != current))
                await archive.ResealKeyAsync(key.Id, secrets => seals.Reseal(key.Id, secrets), new ChangedBy("system", clock.GetUtcNow()), cancellationToken);
        }

        problems.ThrowIfAny();
    }

    // What this node's configuration says of a key is nearer than what another node's may have said before.
    private ApiKey ToApiKey(StoredKey key) =>
        key.Configured && _configured.TryGetValue(key.Name, out var settings) ? key.ToApiKey() with { Settings = settings } : key.ToApiKey();

    [LoggerMessage(EventId = 270, Level = LogLevel.Error, Message = "The webhook secrets of key {KeyId} are sealed under a master key that this node does not have; its callbacks are not sent from here.")]
    private partial void LogSealed(long keyId);

    [LoggerMessage(EventId = 271, Level = LogLevel.Warning, Message = "Key {Name} is not among this server's configured keys any more and is revoked, at every node of its database. All nodes need the same settings.")]
    private partial void LogGone(string name);
}
