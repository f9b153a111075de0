using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Providers;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Options;
using UCaptcha.Server.Secrets;

namespace UCaptcha.Server.Accounts;

/// <summary>
/// All accounts, from the configuration and from the store, and the pool in line with them. The sandbox serves while there is
/// nothing else.
/// </summary>
internal sealed partial class AccountRegistry(
    ServerSetup setup, IAccountStore store, AccountPool pool, ProviderCatalogue providers, TimeProvider clock, ILogger<AccountRegistry> logger)
{
    private readonly SemaphoreSlim _refreshing = new(1);
    private long _version = -1;
    private volatile IReadOnlyList<ManagedAccount> _accounts = [];

    /// <summary>Those of the configuration first, then the others by slug.</summary>
    public IReadOnlyList<ManagedAccount> Accounts => _accounts;

    public ManagedAccount? Find(string slug) => _accounts.FirstOrDefault(account => account.Settings.Slug == slug);

    /// <summary>Brings in what is stored, at the start, under the current master key.</summary>
    /// <exception cref="SettingsException">A stored secret cannot be opened, or a slug is in the configuration too.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ListAccountsAsync(cancellationToken);
        var problems = new SettingsProblems();
        foreach (var account in stored)
        {
            if (IsConfigured(account.Slug))
                problems.Add($"UCaptcha:Providers:{account.Slug} has the name of an account that was added at run time; give it another name, or remove one of them.");
            if (Open(account) is not { } secret)
                problems.Add($"The credential of the account {account.Slug} is sealed under the master key {account.SecretKey}, which is neither UCaptcha:Secrets:MasterKey nor among UCaptcha:Secrets:PreviousKeys.");
            else if (setup.Secrets.CurrentKey is { } current && current != account.SecretKey)
                await ResealAsync(account, secret, cancellationToken);
        }

        problems.ThrowIfAny();
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Brings in what was changed, here or by another node.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            var version = await store.AccountsVersionAsync(cancellationToken);
            if (version == _version)
                return;
            Use(await store.ListAccountsAsync(cancellationToken), [.. await store.ListRestingAccountsAsync(cancellationToken)]);
            _version = version;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private void Use(IReadOnlyList<StoredAccount> stored, HashSet<string> resting)
    {
        var accounts = setup.Accounts
            .Select(configured => new ManagedAccount(
                configured.Settings,
                Stored: null,
                configured.Enabled && !resting.Contains(configured.Settings.Slug),
                Find(configured.Settings.Slug)?.Account ?? providers.Create(configured.Settings)))
            .ToList();
        foreach (var account in stored.Where(account => !IsRuledHere(account.Slug)))
        {
            if (Find(account.Slug) is { Stored: { } known } present && known.Revision == account.Revision && known.CreatedAt == account.CreatedAt)
                accounts.Add(present with { Stored = account, Enabled = !resting.Contains(account.Slug) });
            else if (Make(account, !resting.Contains(account.Slug)) is { } made)
                accounts.Add(made);
        }

        _accounts = accounts;
        IReadOnlyList<IProviderAccount> active = [.. accounts.Where(account => account.Enabled).Select(account => account.Account)];
        if (!setup.Accounts.Any(configured => configured.Enabled) && stored.Count == 0 && Find(ProviderNames.Sandbox) is null)
            active = [providers.CreateSandbox()];
        pool.Replace(active, [.. accounts.Where(account => !account.Enabled).Select(account => account.Account)]);
    }

    private ManagedAccount? Make(StoredAccount stored, bool enabled)
    {
        if (Open(stored) is not { } secret)
        {
            LogSealed(logger, stored.Slug, stored.SecretKey);
            return null;
        }

        var settings = AccountSettingsJson.Read(stored.Slug, stored.Settings, secret);
        if (!providers.Knows(settings.Kind))
        {
            LogUnknownKind(logger, stored.Slug, settings.Kind);
            return null;
        }

        return new ManagedAccount(settings, stored, enabled, providers.Create(settings));
    }

    private bool IsConfigured(string slug) => setup.Accounts.Any(configured => configured.Settings.Slug == slug);

    /// <summary>Another node, under other settings, let an account be added that these rule.</summary>
    private bool IsRuledHere(string slug)
    {
        if (!IsConfigured(slug))
            return false;
        LogConfigured(logger, slug);
        return true;
    }

    private string? Open(StoredAccount account) => setup.Secrets.Open(new SealedSecret(account.SecretKey, account.Secret), PlaceOf(account.Slug));

    private async Task ResealAsync(StoredAccount account, string secret, CancellationToken cancellationToken)
    {
        var resealed = setup.Secrets.Seal(secret, PlaceOf(account.Slug));
        await store.UpdateAccountAsync(
            account with { Secret = resealed.Bytes, SecretKey = resealed.Key }, replaced: false, new ChangedBy("system", clock.GetUtcNow()), cancellationToken);
        LogResealed(logger, account.Slug, resealed.Key);
    }

    /// <summary>The place that an account's credential is sealed for.</summary>
    public static string PlaceOf(string slug) => $"account/{slug}";

    [LoggerMessage(EventId = 230, Level = LogLevel.Error, Message = "The credential of {Account} is sealed under the master key {KeyId}, which this node does not have; it goes without the account.")]
    private static partial void LogSealed(ILogger logger, string account, string keyId);

    [LoggerMessage(EventId = 232, Level = LogLevel.Error, Message = "The account {Account} is of the kind {Kind}, which this version does not know; this node goes without it.")]
    private static partial void LogUnknownKind(ILogger logger, string account, string kind);

    [LoggerMessage(EventId = 233, Level = LogLevel.Error, Message = "The account {Account} was added at run time and is in this node's configuration too, which is what counts here. All nodes need the same settings.")]
    private static partial void LogConfigured(ILogger logger, string account);

    [LoggerMessage(EventId = 231, Level = LogLevel.Information, Message = "The credential of {Account} is sealed under the master key {KeyId} now.")]
    private static partial void LogResealed(ILogger logger, string account, string keyId);
}
