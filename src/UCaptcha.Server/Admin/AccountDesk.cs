using System.Text.Json;
using System.Text.Json.Nodes;
using UCaptcha.Core;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers;
using UCaptcha.Server.Accounts;
using UCaptcha.Server.Hosting;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Adds, changes and removes provider accounts. What is committed is in use here when a method returns.</summary>
internal sealed class AccountDesk(
    ServerSetup setup,
    IAccountStore store,
    IAuditStore audit,
    AccountRegistry registry,
    AccountPool pool,
    ProviderCatalogue providers,
    TaskCatalogue catalogue,
    AccountMessages messages)
{
    private static readonly BreakerSnapshot Closed = new(Core.Routing.BreakerState.Closed, Until: null, Reason: null);

    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        return await messages.RenderAsync(registry.Accounts, cancellationToken);
    }

    /// <exception cref="RefusedException">There is none of this slug.</exception>
    public async Task<Account> GetAsync(string slug, CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        return (await messages.RenderAsync([Known(slug)], cancellationToken))[0];
    }

    /// <exception cref="RefusedException">The settings are not in order, the slug is taken or there is no master key.</exception>
    public async Task<Account> CreateAsync(CreateAccountRequest request, ChangedBy by, CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        var account = AccountChanges.Read(request.Slug, request.Settings ?? throw AdminRefusals.Missing("settings"), request.ApiKey);
        Check(account);
        CheckMasterKey();
        if (registry.Find(account.Slug) is not null)
            throw AdminRefusals.Taken("slug", $"There is an account {account.Slug} already.");
        if (!await store.CreateAccountAsync(Seal(account, revision: 1, by), by, cancellationToken))
            throw AdminRefusals.Taken("slug", $"There is an account {account.Slug} already.");
        return await GetAsync(account.Slug, cancellationToken);
    }

    /// <exception cref="RefusedException">The settings are not in order, or the account is not one that can be changed here.</exception>
    public async Task<Account> UpdateAsync(UpdateAccountRequest request, MaskWords words, ChangedBy by, CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        var present = Changeable(request.Slug, "is changed");
        var changed = AccountChanges.Apply(present.Settings, request, words);
        Check(changed);
        CheckMasterKey();
        var replaced = changed.ApiKey != present.Settings.ApiKey;
        if (!await store.UpdateAccountAsync(Seal(changed, present.Stored!.Revision, by), replaced, by, cancellationToken))
            throw AdminRefusals.NotNow("The account was changed by somebody else at the same time; look at it and try again.");
        return await GetAsync(request.Slug, cancellationToken);
    }

    /// <exception cref="RefusedException">The account is not one that can be removed here.</exception>
    public async Task DeleteAsync(string slug, ChangedBy by, CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        Changeable(slug, "is removed");
        if (!await store.DeleteAccountAsync(slug, by, cancellationToken))
            throw AdminRefusals.NotFound("slug", "account");
        await registry.RefreshAsync(cancellationToken);
    }

    /// <exception cref="RefusedException">There is none of this slug, or its configuration rests it.</exception>
    public async Task<Account> RestAsync(string slug, bool rest, ChangedBy by, CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        Known(slug);
        if (!rest && setup.Accounts.Any(configured => configured.Settings.Slug == slug && !configured.Enabled))
            throw AdminRefusals.NotNow($"The configuration rests this account: set UCaptcha:Providers:{slug}:Enabled.");
        await store.RestAccountAsync(slug, rest, by, cancellationToken);
        return await GetAsync(slug, cancellationToken);
    }

    /// <exception cref="RefusedException">There is none of this slug.</exception>
    public async Task<Account> ResetAsync(string slug, ChangedBy by, CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        Known(slug);
        // Before the reset, which is in memory only: there is no reset without its row.
        await audit.AppendAuditAsync(
            new NewAuditEntry(by, "account.reset", $"account/{slug}", Describe(pool.Standing(slug)?.Breaker), Describe(Closed)), cancellationToken);
        pool.ResetBreaker(slug);
        return await GetAsync(slug, cancellationToken);
    }

    private static string? Describe(BreakerSnapshot? breaker) => breaker is null
        ? null
        : new JsonObject
        {
            ["breaker"] = JsonNamingPolicy.CamelCase.ConvertName(breaker.State.ToString()),
            ["openUntil"] = breaker.Until,
            ["reason"] = breaker.Reason,
        }.ToJsonString();

    private ManagedAccount Known(string slug) => registry.Find(slug) ?? throw AdminRefusals.NotFound("slug", "account");

    private ManagedAccount Changeable(string slug, string how)
    {
        var account = Known(slug);
        return account.Configured ? throw AdminRefusals.NotNow($"This account comes from the configuration and {how} there.") : account;
    }

    private void Check(ProviderAccountSettings account)
    {
        // The same sentences as for the configuration, under the names that the caller used.
        var problems = providers.Validate(account, catalogue).Select(problem => AccountChanges.InCallersWords(problem, account.Slug)).ToList();
        if (problems.Count > 0)
            throw AdminRefusals.Bad(problems[0].Field, string.Join(' ', problems.Select(problem => problem.Sentence)));
    }

    private void CheckMasterKey()
    {
        if (setup.Secrets.CurrentKey is null)
            throw AdminRefusals.NoMasterKey("Credentials");
    }

    private StoredAccount Seal(ProviderAccountSettings account, long revision, ChangedBy by)
    {
        var secret = setup.Secrets.Seal(account.ApiKey, AccountRegistry.PlaceOf(account.Slug));
        return new StoredAccount(account.Slug, AccountSettingsJson.Write(account), secret.Bytes, secret.Key, revision, by.At, by.At);
    }
}
