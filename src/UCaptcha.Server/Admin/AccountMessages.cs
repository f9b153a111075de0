using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Providers;
using UCaptcha.Server.Accounts;
using UCaptcha.V1;
using BreakerState = UCaptcha.V1.BreakerState;

namespace UCaptcha.Server.Admin;

/// <summary>Renders accounts. Their credentials have no field to go to.</summary>
internal sealed class AccountMessages(AccountPool pool, StatisticsBook statistics, AccountBalances balances)
{
    public async Task<IReadOnlyList<Account>> RenderAsync(IReadOnlyList<ManagedAccount> accounts, CancellationToken cancellationToken)
    {
        var known = await balances.ListAsync(cancellationToken);
        var records = statistics.Snapshot().ToLookup(row => row.Account, StringComparer.Ordinal);
        return [.. accounts.Select(account => Render(account, known, records[account.Settings.Slug]))];
    }

    private Account Render(ManagedAccount account, IReadOnlyDictionary<string, Usd> known, IEnumerable<StatisticsRow> records)
    {
        var message = new Account
        {
            Slug = account.Settings.Slug,
            Configured = account.Configured,
            Enabled = account.Enabled,
            Settings = Render(account.Settings),
            CreatedAt = account.Stored?.CreatedAt.ToMessage(),
            UpdatedAt = account.Stored?.UpdatedAt.ToMessage(),
        };
        if (pool.Standing(account.Settings.Slug) is { } standing)
            message.Health = Render(standing);
        if (message.Health is not null && known.TryGetValue(account.Settings.Slug, out var balance))
            message.Health.BalanceMicros = balance.Micros;
        message.Records.AddRange(records.OrderBy(row => row.Family, StringComparer.Ordinal).Select(Render));
        return message;
    }

    private static AccountSettings Render(ProviderAccountSettings settings)
    {
        var message = new AccountSettings { Kind = settings.Kind, BaseUrl = settings.BaseUrl ?? "" };
        if (settings.FirstPollMs is { } first)
            message.FirstPollMs = first;
        if (settings.PollIntervalMs is { } interval)
            message.PollIntervalMs = interval;
        if (settings.AnswerTimeoutMs is { } longest)
            message.AnswerTimeoutMs = longest;
        if (settings.MaxConcurrent is { } most)
            message.MaxConcurrent = most;
        foreach (var (family, price) in settings.Prices)
            message.Prices[family] = (double)price;
        return message;
    }

    private static AccountHealth Render(AccountStanding standing) => new()
    {
        Breaker = (BreakerState)(standing.Breaker.State + 1),
        OpenUntil = standing.Breaker.Until.ToMessage(),
        Reason = standing.Breaker.Reason ?? "",
        InFlight = standing.InFlight,
        MaxConcurrent = standing.MaxConcurrent,
    };

    private static FamilyRecord Render(StatisticsRow row)
    {
        var message = new FamilyRecord
        {
            Family = row.Family,
            Successes = row.Successes,
            Failures = row.Failures,
            Samples = row.Samples,
            UpdatedAt = row.UpdatedAt.ToMessage(),
        };
        if (row.CostMicros is { } cost)
            message.CostMicros = (long)Math.Round(cost);
        if (row.SolveTimeMs is { } time)
            message.SolveTimeMs = (long)Math.Round(time);
        return message;
    }
}
