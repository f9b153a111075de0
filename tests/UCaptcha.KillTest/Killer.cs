using System.Diagnostics;
using UCaptcha.KillTest.Driving;
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
internal sealed record Kill(int Number, Moment Moment, int UnderWay)
{
    /// <summary>Until the killed server answered again.</summary>
    public TimeSpan Down { get; set; }

    /// <summary>Until the last task that was under way had ended; null when it has not.</summary>
    public TimeSpan? Recovered { get; set; }
}

/// <summary>Kills one server after another, at moments that the seed chooses, and starts it again.</summary>
internal sealed class Killer(KillOptions options, NodeSet nodes, Journal journal, TextWriter log)
{
    private const int LongestPauseMs = 1500;
    private const int LongestAfterMs = 8;
    private const int LongestStartMs = 1200;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly List<Task> _recoveries = [];

    public List<Kill> Kills { get; } = [];

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
            var open = journal.Open();
            var kill = new Kill(Kills.Count + 1, moment, open.Count);
            Kills.Add(kill);
            var killed = Stopwatch.GetTimestamp();
            await node.KillAsync();
            if (moment == Moment.WhileStarting && Kills.Count < options.Kills)
            {
                await node.DieYoungAsync(TimeSpan.FromMilliseconds(random.Next(LongestStartMs)));
                Kills.Add(new Kill(Kills.Count + 1, moment, open.Count) { Recovered = TimeSpan.Zero });
            }

            await node.StartAsync();
            kill.Down = Stopwatch.GetElapsedTime(killed);
            _recoveries.Add(RecoverAsync(kill, open, killed));
            log.WriteLine($"kill {kill.Number}: {moment}, {kill.UnderWay} tasks under way, answers again after {kill.Down.TotalSeconds:0.00} s");
        }

        await Task.WhenAll(_recoveries);
    }

    private Task WaitForAsync(Moment moment) => (moment switch
    {
        Moment.RightAfterAcknowledgement => journal.NextAcknowledgement,
        Moment.RightAfterEnd => journal.NextEnd,
        _ => Task.CompletedTask,
    }).WaitAsync(LongestWait);

    private async Task RecoverAsync(Kill kill, IReadOnlyList<AcknowledgedTask> open, long killed)
    {
        while (Stopwatch.GetElapsedTime(killed) < 2 * options.Lease)
        {
            if (open.All(task => task.HasEnded))
            {
                kill.Recovered = Stopwatch.GetElapsedTime(killed);
                return;
            }

            await Task.Delay(10);
        }
    }
}
