using System.Diagnostics.Metrics;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Counts what becomes of tasks and attempts.</summary>
internal static class EngineMeter
{
    private static readonly Counter<long> TasksCreated =
        Metering.Meter.CreateCounter<long>("ucaptcha.tasks.created", description: "Tasks accepted.");

    private static readonly Counter<long> TasksEnded =
        Metering.Meter.CreateCounter<long>("ucaptcha.tasks.ended", description: "Tasks that came to an end.");

    private static readonly Histogram<double> TaskTime = Metering.Meter.CreateHistogram(
        "ucaptcha.task.duration", "s", "From the acceptance of a task to its end.", tags: null, Metering.Slow);

    private static readonly Counter<long> Attempts =
        Metering.Meter.CreateCounter<long>("ucaptcha.attempts", description: "Attempts that came to an end.");

    private static readonly Histogram<double> SolveTime = Metering.Meter.CreateHistogram(
        "ucaptcha.attempt.solve_time", "s", "From the beginning of an attempt to its solution.", tags: null, Metering.Slow);

    private static readonly Counter<long> Spend =
        Metering.Meter.CreateCounter<long>("ucaptcha.spend_micros", description: "What providers charged for solves, in micro-dollars.");

    private static readonly Counter<long> Loss = Metering.Meter.CreateCounter<long>(
        "ucaptcha.operator_loss_micros", description: "What of it no key pays, in micro-dollars.");

    public static void Created(string family) => TasksCreated.Add(1, Family(family));

    public static void Ended(string family, TaskView end, TimeSpan after)
    {
        var outcome = new KeyValuePair<string, object?>("outcome", end.Status == TaskStatus.Ready ? "ready" : "failed");
        TasksEnded.Add(1, Family(family), outcome);
        TaskTime.Record(after.TotalSeconds, Family(family), outcome);
    }

    public static void AttemptSolved(string account, string family, Usd cost, Usd paid, TimeSpan time)
    {
        Attempts.Add(1, Account(account), Family(family), new("outcome", "solved"), new("error_class", ""));
        SolveTime.Record(time.TotalSeconds, Account(account), Family(family));
        Spend.Add(cost.Micros, Account(account), Family(family));
        if (cost > paid)
            Loss.Add((cost - paid).Micros, Account(account), Family(family));
    }

    /// <summary>The key has its charge back; the provider keeps what it was paid.</summary>
    public static void Refunded(string account, string family, Usd charge)
    {
        if (charge > Usd.Zero)
            Loss.Add(charge.Micros, Account(account), Family(family));
    }

    public static void AttemptFailed(string account, string family, AttemptState state, ErrorClass errorClass) =>
        Attempts.Add(
            1, Account(account), Family(family), new("outcome", state == AttemptState.Lost ? "lost" : "failed"), new("error_class", errorClass.ToString()));

    private static KeyValuePair<string, object?> Account(string slug) => new("account", slug);

    private static KeyValuePair<string, object?> Family(string name) => new("family", name);
}
