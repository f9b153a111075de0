using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Routing;

/// <summary>Finds the accounts for a task and ranks them: candidates by family, key and request, then statistics, then the policy.</summary>
public sealed class Router(AccountPool pool, StatisticsBook statistics, IRoutingPolicy policy, ProviderNames names)
{
    /// <summary>The name of the policy in force.</summary>
    public string PolicyName => policy.Name;

    /// <summary>All accounts that get tasks.</summary>
    public IReadOnlyList<IProviderAccount> Accounts => pool.Accounts;

    /// <summary>The accounts that could serve a task now or later, whatever their health.</summary>
    /// <param name="request">The task.</param>
    /// <param name="key">Whose allowed and blocked providers count.</param>
    /// <param name="provider">The forced account or kind, or null.</param>
    /// <exception cref="RefusedException"><see cref="ErrorCodes.BadParameters"/> when the forced provider names no account,
    /// <see cref="ErrorCodes.NoProvidersAvailable"/> when it rests, or no account could ever serve the task.</exception>
    public IReadOnlyList<IProviderAccount> Eligible(TaskRequest request, ApiKey key, string? provider)
    {
        var named = provider is null ? pool.Accounts : Named(provider);
        var eligible = new List<IProviderAccount>(named.Count);
        foreach (var account in named)
        {
            if (IsAllowed(key, account) && account.Serves(request))
                eligible.Add(account);
        }

        if (eligible.Count > 0)
            return eligible;
        throw new RefusedException(ErrorCodes.NoProvidersAvailable, WhyNone(request, named));
    }

    /// <summary>The highest price among accounts: what a task reserves.</summary>
    public Usd HighestPrice(CaptchaFamily family, IReadOnlyList<IProviderAccount> accounts)
    {
        var highest = Usd.Zero;
        foreach (var account in accounts)
            highest = Usd.Max(highest, account.ListPrice(family) ?? DearestKnown(family));
        return highest;
    }

    /// <summary>The price of a solve at an account: its own, else the dearest known one of the family.</summary>
    public Usd PriceAt(IProviderAccount account, CaptchaFamily family) => account.ListPrice(family) ?? DearestKnown(family);

    /// <summary>How long a solve at an account took of late, or null before the first one.</summary>
    public TimeSpan? UsualTime(IProviderAccount account, CaptchaFamily family) => statistics.UsualTime(account.Slug, family.Name);

    /// <summary>Ranks accounts for a task, best first.</summary>
    public IReadOnlyList<RankedCandidate> Rank(CaptchaFamily family, IReadOnlyList<IProviderAccount> accounts, int speedWeight)
    {
        var dearest = DearestKnown(family);
        var timeWhenUnknown = statistics.TimeWhenUnknown(accounts.Select(account => account.Slug), family);
        var candidates = new Candidate[accounts.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            var account = accounts[i];
            var estimate = statistics.EstimateFor(account.Slug, family.Name, account.ListPrice(family), timeWhenUnknown, dearest);
            candidates[i] = new Candidate(account.Slug, account.Kind, estimate);
        }

        return policy.Rank(candidates, speedWeight);
    }

    private IReadOnlyList<IProviderAccount> Named(string provider)
    {
        foreach (var account in pool.Accounts)
        {
            if (account.Slug.Equals(provider, StringComparison.OrdinalIgnoreCase))
                return [account];
        }

        var kind = names.KindOf(provider);
        var ofKind = pool.Accounts.Where(account => account.Kind.Equals(kind, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (ofKind.Length > 0)
            return ofKind;
        throw pool.Gates.Any(gate => IsMeant(gate.Account))
            ? new RefusedException(ErrorCodes.NoProvidersAvailable, "What provider names rests and takes no tasks for now.", "provider")
            : new RefusedException(ErrorCodes.BadParameters, "provider names no configured account or kind of provider.", "provider");

        bool IsMeant(IProviderAccount account) =>
            account.Slug.Equals(provider, StringComparison.OrdinalIgnoreCase) || account.Kind.Equals(kind, StringComparison.OrdinalIgnoreCase);
    }

    private bool IsAllowed(ApiKey key, IProviderAccount account) =>
        (key.Settings.AllowedProviders.Count == 0 || Names(key.Settings.AllowedProviders, account))
        && !Names(key.Settings.BlockedProviders, account);

    private bool Names(IReadOnlyList<string> list, IProviderAccount account)
    {
        foreach (var entry in list)
        {
            if (entry.Equals(account.Slug, StringComparison.OrdinalIgnoreCase)
                || names.KindOf(entry).Equals(account.Kind, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static string WhyNone(TaskRequest request, IReadOnlyList<IProviderAccount> named) =>
        named.Count > 0 && named.All(account => account.Kind == ProviderNames.Sandbox)
            ? $"No account serves {request.Family.Name}: only the sandbox is configured, which answers the vendors' published test keys. Add a provider account."
            : $"None of the accounts that this key may use serves this {request.Family.Name} task.";

    private Usd DearestKnown(CaptchaFamily family)
    {
        var dearest = Usd.Zero;
        foreach (var account in pool.Accounts)
            dearest = Usd.Max(dearest, account.ListPrice(family) ?? Usd.Zero);
        return dearest;
    }
}
