using System.Diagnostics;
using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Judging;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest;

/// <summary>When a server dies.</summary>
internal enum Moment
{
    /// <summary>Any.</summary>
    Whenever,

    /// <summary>Within milliseconds of an acknowledgement.</summary>
    RightAfterAcknowledgement,

    /// <summary>Within milliseconds of an end that a client saw.</summary>
    RightAfterEnd,

    /// <summary>While it starts: a second kill soon after the first.</summary>
    WhileStarting,
}

/// <summary>One kill and what followed.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Moment">How its moment was chosen.</param>
/// <param name="At">When it was.</param>
internal sealed record Kill(int Number, Moment Moment, DateTimeOffset At)
{
    /// <summary>Until the killed server answered again.</summary>
    public TimeSpan Down { get; set; }

    /// <summary>Until the last task that was under way had ended, by the store's own times; null when one has not.</summary>
    public TimeSpan? RecoveredIn(StoreRecord store)
    {
        var at = At.ToUnixTimeMilliseconds();
        var underWay = store.Tasks.Where(task => task.CreatedAt < at && !(task.FinishedAt < at)).ToArray();
        return underWay.Any(task => task.FinishedAt is null) ? null : TimeSpan.FromMilliseconds(underWay.Select(task => task.FinishedAt!.Value - at).DefaultIfEmpty().Max());
    }
}

/// <summary>Kills one server after another, at moments that the seed chooses, and starts it again.</summary>
internal sealed class Killer(KillOptions options, NodeSet nodes, Journal journal, TextWriter log)
{
    private const int LongestPauseMs = 1500;
    private const int LongestAfterMs = 8;
    private const int LongestStartMs = 1200;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly List<Task> _aftermath = [];

    public List<Kill> Kills { get; } = [];

    /// <summary>What clients do after each restart; given the number of the kill.</summary>
    public Func<int, Task> AfterEach { get; init; } = _ => Task.CompletedTask;

    public async Task RunAsync()
    {
        var random = new Random(options.Seed);
        while (Kills.Count < options.Kills)
        {
            var node = nodes.All[random.Next(nodes.All.Count)];
            var moment = (Moment)random.Next(Enum.GetValues<Moment>().Length);
            await Task.Delay(random.Next(LongestPauseMs));
            await WaitForAsync(moment);
            await Task.Delay(random.Next(LongestAfterMs));
            var kill = new Kill(Kills.Count + 1, moment, TimeProvider.System.GetUtcNow());
            var underWay = journal.Open().Count;
            Kills.Add(kill);
            var killed = Stopwatch.GetTimestamp();
            await node.KillAsync();
            if (moment == Moment.WhileStarting && Kills.Count < options.Kills)
            {
                await node.DieYoungAsync(TimeSpan.FromMilliseconds(random.Next(LongestStartMs)));
                Kills.Add(new Kill(Kills.Count + 1, moment, TimeProvider.System.GetUtcNow()));
            }

            await node.StartAsync();
            kill.Down = Stopwatch.GetElapsedTime(killed);
            _aftermath.Add(AfterEach(kill.Number));
            log.WriteLine($"kill {kill.Number}: {moment}, {underWay} tasks under way, answers again after {kill.Down.TotalSeconds:0.00} s");
        }

        await Task.WhenAll(_aftermath);
    }

    private Task WaitForAsync(Moment moment) => (moment switch
    {
        Moment.RightAfterAcknowledgement => journal.NextAcknowledgement,
        Moment.RightAfterEnd => journal.NextEnd,
        _ => Task.CompletedTask,
    }).WaitAsync(LongestWait);
}
