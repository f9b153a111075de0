using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Decides what a task does next: which accounts it tries in which order, or that its budgets are used up.</summary>
internal sealed class AttemptPlanner(Router router, AccountPool pool, EngineOptions options, TimeProvider clock)
{
    /// <summary>A proxy that failed twice, at two accounts, is the client's trouble and not the accounts'.</summary>
    private const int MaxProxyFailures = 2;

    /// <summary>Who waited for an account has so much time left, of what it usually takes.</summary>
    private const double LeftAfterWaiting = 1.5;

    public AttemptPlan Plan(LiveTask task)
    {
        var history = task.History;
        if (IsOver(history) || clock.GetUtcNow() >= task.Stored.Deadline)
            return GiveUp(task, outOfAccounts: false);

        var accounts = pool.Accounts;
        IReadOnlyList<IProviderAccount> eligible;
        try
        {
            eligible = task.EligibleAmong(accounts, () => router.Eligible(task.Request, task.Key, task.Stored.Provider));
        }
        catch (RefusedException refused)
        {
            return AttemptPlan.GiveUp(refused.Code, refused.Message);
        }

        var excluded = new List<ExcludedAccount>();
        var gates = new List<AccountGate>(eligible.Count);
        foreach (var account in eligible)
        {
            if (pool.Find(account.Slug) is not { } gate)
                continue;
            if (history.IsUsedUp(account.Slug))
                excluded.Add(new ExcludedAccount(account.Slug, "It had its try."));
            else if (history.WasTooDear(account.Slug))
                excluded.Add(new ExcludedAccount(account.Slug, "It costs more than is set aside for the task, and the key cannot spend the rest."));
            else if (gate.Breaker.OpenUntil is { } until && until >= task.Stored.Deadline)
                excluded.Add(new ExcludedAccount(account.Slug, "It is cooling down for longer than the task has time."));
            else
                gates.Add(gate);
        }

        if (gates.Count > 0)
            return AttemptPlan.Try(
                gates,
                () => Rank(task, gates),
                ranking => new RoutingDecision(router.PolicyName, task.Stored.SpeedWeight, ranking, excluded, Chosen: ""));
        // The accounts may have been replaced a moment ago.
        return ReferenceEquals(accounts, pool.Accounts) ? GiveUp(task, outOfAccounts: true) : Plan(task);
    }

    /// <summary>
    /// Until when a task may wait for one of these accounts, at least half of its time. Where an account is full for long, those who have waited the longest
    /// come next: with hardly any time left they would take its places, be paid for and fail, one like the other.
    /// </summary>
    public DateTimeOffset LatestEntry(LiveTask task, IReadOnlyList<AccountGate> gates)
    {
        var fastest = gates.Min(gate => router.UsualTime(gate.Account, task.Family) ?? TimeSpan.Zero);
        var needed = fastest * LeftAfterWaiting;
        var half = (task.Stored.Deadline - task.Stored.CreatedAt) / 2;
        return task.Stored.Deadline - (needed < half ? needed : half);
    }

    /// <summary>Why a task fails that no account had room for in time.</summary>
    public static ClientError OutOfTime(LiveTask task) => GiveUp(task, outOfAccounts: false).GivenUp!;

    /// <summary>What an attempt there is expected to cost.</summary>
    public Usd PriceOf(LiveTask task, IProviderAccount account) => router.PriceAt(account, task.Family);

    /// <summary>Best first; accounts that had no slot a moment ago come behind those that were not asked.</summary>
    private IReadOnlyList<RankedCandidate> Rank(LiveTask task, List<AccountGate> gates) =>
        [.. router.Rank(task.Family, [.. gates.Select(gate => gate.Account)], task.Stored.SpeedWeight)
            .OrderBy(ranked => task.History.WasBusy(ranked.Candidate.Account))];

    private bool IsOver(AttemptHistory history) =>
        history.Counted >= options.MaxAttempts
        || history.ProxyFailures >= MaxProxyFailures
        || history.LastError?.Class == ErrorClass.User;

    private static AttemptPlan GiveUp(LiveTask task, bool outOfAccounts)
    {
        var history = task.History;
        if (history.AnyTooDear && MoneyWasMissing(history, outOfAccounts))
            return AttemptPlan.GiveUp(ErrorCodes.ZeroBalance, "The accounts that could solve the task cost more by now than the key can spend.");
        return history.LastError is { } error
            ? AttemptPlan.GiveUp(ClientError.Of(error))
            : AttemptPlan.GiveUp(ErrorCodes.NoProvidersAvailable, "No account was free for this task within its time.");
    }

    /// <summary>
    /// Of what a client may be told, the money is what it can do something about: it comes before an account that was busy or failed
    /// where others were left that it could not pay, though not before a mistake or a proxy of its own.
    /// </summary>
    private static bool MoneyWasMissing(AttemptHistory history, bool outOfAccounts) =>
        history.Counted == 0 || (outOfAccounts && history.LastError?.Class is not (ErrorClass.User or ErrorClass.Proxy));
}
