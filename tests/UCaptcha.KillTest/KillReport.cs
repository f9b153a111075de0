using System.Globalization;
using System.Text;
using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Judging;

namespace UCaptcha.KillTest;

/// <summary>The counts of a run, and the promises that were broken.</summary>
public sealed class KillReport
{
    private readonly List<(string What, string Count)> _lines = [];

    internal KillReport(KillOptions options, IReadOnlyList<Kill> kills, TakeoverTimes takeovers, Journal journal, Evidence evidence, IReadOnlyList<string> violations)
    {
        (Evidence, Violations, Takeovers) = (evidence, violations, takeovers);
        var (store, upstream) = (evidence.Store, evidence.Upstream);
        var attempts = store.Attempts.SelectMany(group => group).ToArray();
        Add("seed, nodes", $"{options.Seed}, {options.Nodes} on {(options.OnPostgres ? "PostgreSQL" : "SQLite")}");
        Add("kills", $"{kills.Count}: {string.Join(", ", kills.CountBy(kill => kill.Moment).OrderBy(count => count.Key).Select(count => $"{count.Value} {count.Key}"))}");
        Add("deaths", string.Join(", ", kills.CountBy(kill => kill.Death).OrderBy(count => count.Key).Select(count => $"{count.Value} {count.Key}")));
        Add("submissions", $"{journal.Submitted}");
        Add("acknowledged", $"{journal.Tasks.Count}");
        Add("request ids used again", $"{journal.Repeats}");
        Add("refused for want of money", $"{journal.Refused}");
        Add("answer lost, not tried again", $"{journal.Abandoned}, {store.Tasks.Count - journal.Tasks.Count} of them stored and ended");
        Add("calls cut, refused for now", $"{journal.Cuts}, {journal.Postponed}");
        Add("tasks ready, failed", $"{store.Tasks.Count(task => task.State == StoreRecord.Ready)}, {store.Tasks.Count(task => task.State == StoreRecord.Failed)}");
        Add("failed with", string.Join(", ", store.Tasks.Where(task => task.ErrorCode is not null).CountBy(task => task.ErrorCode!).Select(count => $"{count.Value} {count.Key}")));
        Add("attempts", $"{attempts.Length}: {attempts.Count(attempt => attempt.Solved)} solved, {attempts.Count(attempt => attempt.State == 3)} failed, {attempts.Count(attempt => attempt.Lost)} lost");
        Add("taken by the services", $"{upstream.Count}, {upstream.GroupBy(task => (task.Account, task.Marker)).Count(group => group.Count() > 1)} of them repeated");
        Add("ends told by WatchTasks", $"{journal.FeedEntries}");
        Add("callbacks owed, came", $"{store.Callbacks.Count}, {evidence.Deliveries.Count}");
        Add("payments", $"{store.Ledger.Count(row => row.Kind is "deposit" or "adjustment")} of {evidence.Payments.Count}");
        Add("charged", Usd(store, "charge"));
        Add("refunded", Usd(store, "refund"));
        Add("operator_loss", Usd(store, "operator_loss"));
        Add("until what died answers again", $"{Seconds(kills.Max(kill => kill.Down))} at most");
        if (options.OnPostgres)
            Add("until others had a dead node's", $"{takeovers}, lease {Seconds(options.Lease)}");
        if (kills.Any(kill => kill.OfDatabase))
            Add("until work was accepted again", $"{Seconds(Median(kills))} median, {Seconds(kills.Max(kill => kill.Resumed) ?? TimeSpan.MaxValue)} at most");
        Add("until all under way had ended", $"{Seconds(kills.Max(kill => kill.RecoveredIn(store)))} at most");
        Add("longest life of a task", $"{Seconds(TimeSpan.FromMilliseconds(store.Tasks.Max(task => task.FinishedAt - task.CreatedAt) ?? 0))}");
        Add("broken promises", $"{violations.Count}");
    }

    /// <summary>What was judged.</summary>
    internal Evidence Evidence { get; }

    /// <summary>How long the tasks of dead nodes waited.</summary>
    internal TakeoverTimes Takeovers { get; }

    /// <summary>Every broken promise with its evidence.</summary>
    public IReadOnlyList<string> Violations { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (what, count) in _lines)
            text.AppendLine(CultureInfo.InvariantCulture, $"{what,-32} {count}");
        foreach (var violation in Violations)
            text.AppendLine("  " + violation);
        return text.ToString();
    }

    private void Add(string what, string count) => _lines.Add((what, count));

    private static string Usd(StoreRecord store, string kind) =>
        (store.Ledger.Where(row => row.Kind == kind).Sum(row => row.AmountMicros) / 1_000_000m).ToString("0.000000 USD", CultureInfo.InvariantCulture);

    private static TimeSpan Median(IEnumerable<Kill> kills) =>
        kills.Where(kill => kill.Resumed is not null).Select(kill => kill.Resumed!.Value).Order().ToArray() is { Length: > 0 } times ? times[times.Length / 2] : TimeSpan.MaxValue;

    private static string Seconds(TimeSpan time) => time == TimeSpan.MaxValue ? "never" : time.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture);
}
