using System.Collections.Concurrent;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Routing;

/// <summary>What is known of each account for each family: moving averages of cost and time, and a decayed success rate.</summary>
/// <remarks>
/// Before the first observation an account is taken to cost its list price and to solve nine of ten. The success rate is
/// (9 + successes) / (10 + successes + failures), both counts losing 2 % at each observation, so that about the last
/// fifty speak. Cost and time move by 20 % towards each new observation. An account whose time is not known is taken to be
/// twice as fast as the fastest one that is known, so that it gets one task where speed is asked for and shows what it
/// can; while nobody's is known, everyone takes the family's usual time.
/// </remarks>
public sealed class StatisticsBook
{
    private const double PriorSuccesses = 9;
    private const double PriorFailures = 1;
    private const double Keep = 0.98;
    private const double Step = 0.2;
    private const double Optimism = 0.5;

    private readonly ConcurrentDictionary<(string Account, string Family), StatisticsRow> _rows = new();

    /// <summary>What a solve at an account is likely to cost and take.</summary>
    /// <param name="account">The account's slug.</param>
    /// <param name="family">The family's name.</param>
    /// <param name="listPrice">Its price before the first observation; null when it is not known.</param>
    /// <param name="timeWhenUnknown">Its time before the first solve: <see cref="TimeWhenUnknown"/>.</param>
    /// <param name="dearestKnown">What an account without a list price is taken to cost.</param>
    public Estimate EstimateFor(string account, string family, Usd? listPrice, TimeSpan timeWhenUnknown, Usd dearestKnown)
    {
        if (!_rows.TryGetValue((account, family), out var row))
            return new Estimate(listPrice ?? dearestKnown, timeWhenUnknown, PriorSuccesses / (PriorSuccesses + PriorFailures), 0);
        var cost = row.CostMicros is { } micros ? new Usd((long)Math.Round(micros)) : listPrice ?? dearestKnown;
        var time = row.SolveTimeMs is { } observed ? TimeSpan.FromMilliseconds(observed) : timeWhenUnknown;
        return new Estimate(cost, time, SuccessRate(row), row.Samples);
    }

    /// <summary>How long a solve at an account took of late, or null before the first one.</summary>
    public TimeSpan? UsualTime(string account, string family) =>
        _rows.TryGetValue((account, family), out var row) && row.SolveTimeMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>The time that accounts without a record are taken to need beside those that have one.</summary>
    /// <param name="accounts">The slugs of the accounts that are compared.</param>
    /// <param name="family">The family.</param>
    public TimeSpan TimeWhenUnknown(IEnumerable<string> accounts, CaptchaFamily family)
    {
        double? fastest = null;
        foreach (var account in accounts)
        {
            if (_rows.TryGetValue((account, family.Name), out var row) && row.SolveTimeMs is { } known && !(known >= fastest))
                fastest = known;
        }

        return fastest is { } time ? TimeSpan.FromMilliseconds(time * Optimism) : family.TypicalSolveTime;
    }

    /// <summary>Notes a solve and returns the record to store.</summary>
    public StatisticsRow RecordSolved(string account, string family, Usd cost, TimeSpan time, DateTimeOffset at) =>
        Update(account, family, new StatisticsChange(Keep, 1, 0, 1 - Step, Step * cost.Micros, Step * time.TotalMilliseconds, 1, at));

    /// <summary>Notes a failure of the account's and returns the record to store.</summary>
    public StatisticsRow RecordFailed(string account, string family, DateTimeOffset at) =>
        Update(account, family, new StatisticsChange(Keep, 0, 1, 1, 0, 0, 1, at));

    /// <summary>Notes a verdict on a solve that was counted as a success: a bad one turns it into a failure.</summary>
    public StatisticsRow RecordFeedback(string account, string family, bool invalid, DateTimeOffset at) =>
        Update(account, family, Verdict(invalid, at));

    /// <summary>The record to store with a verdict; it is not noted yet, since the store knows whether it is the first.</summary>
    public StatisticsRow WithFeedback(string account, string family, bool invalid, DateTimeOffset at) =>
        Verdict(invalid, at).ApplyTo(_rows.GetValueOrDefault((account, family)) ?? Empty(account, family));

    /// <summary>Takes in stored records.</summary>
    public void Load(IEnumerable<StatisticsRow> rows)
    {
        foreach (var row in rows)
            _rows[(row.Account, row.Family)] = row;
    }

    /// <summary>All records.</summary>
    public IReadOnlyList<StatisticsRow> Snapshot() => [.. _rows.Values];

    private StatisticsRow Update(string account, string family, StatisticsChange change) =>
        _rows.AddOrUpdate(
            (account, family),
            _ => change.ApplyTo(Empty(account, family)),
            (_, row) => change.ApplyTo(row));

    private static StatisticsRow Empty(string account, string family) => new(account, family, null, null, 0, 0, 0, default);

    private static StatisticsChange Verdict(bool invalid, DateTimeOffset at) => new(1, invalid ? -1 : 0, invalid ? 1 : 0, 1, 0, 0, 0, at);

    private static double SuccessRate(StatisticsRow row) =>
        (PriorSuccesses + row.Successes) / (PriorSuccesses + PriorFailures + row.Successes + row.Failures);
}
