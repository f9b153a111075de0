using System.Diagnostics.Metrics;
using UCaptcha.Core;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Accounts;

namespace UCaptcha.Server.Metrics;

/// <summary>What can be seen of the engine and the accounts at any moment.</summary>
internal static class HealthMeter
{
    /// <summary>Makes the instruments; the exporter finds them.</summary>
    public static void Start(TaskEngine engine, AccountPool pool, AccountRegistry registry, AccountBalances balances)
    {
        var meter = Metering.Meter;
        meter.CreateObservableGauge("ucaptcha.tasks.unfinished", () => engine.Unfinished, description: "Tasks under way on this node.");
        meter.CreateObservableGauge("ucaptcha.nodes.alive", () => pool.Nodes, description: "Servers that work on the database, this one included.");
        meter.CreateObservableGauge(
            "ucaptcha.account.breaker", () => EachAccount(standing => (int)standing.Breaker.State), description: "0 closed, 1 open, 2 half open.");
        meter.CreateObservableGauge(
            "ucaptcha.account.in_flight", () => EachAccount(standing => standing.InFlight), description: "Tasks that an account has now.");
        meter.CreateObservableGauge(
            "ucaptcha.account.max_concurrent", () => EachAccount(standing => standing.MaxConcurrent), description: "Tasks that it may have at once.");
        meter.CreateObservableGauge(
            "ucaptcha.account.enabled",
            () => registry.Accounts.Select(account => new Measurement<int>(account.Enabled ? 1 : 0, Label(account.Settings.Slug))),
            description: "1 when it gets tasks.");
        meter.CreateObservableGauge(
            "ucaptcha.account.balance_micros",
            () => balances.Known().Select(known => new Measurement<long>(known.Value.Micros, Label(known.Key))),
            description: "The balance that it last told, in micro-dollars.");

        IEnumerable<Measurement<int>> EachAccount(Func<AccountStanding, int> value) =>
            from account in pool.Accounts
            let standing = pool.Standing(account.Slug)
            where standing is not null
            select new Measurement<int>(value(standing), Label(account.Slug));
    }

    private static KeyValuePair<string, object?> Label(string slug) => new("account", slug);
}
