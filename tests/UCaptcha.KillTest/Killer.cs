using System.Diagnostics;
using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest;

/// <summary>Kills one server after another, at moments that the seed chooses, and starts it again.</summary>
internal sealed class Killer(KillOptions options, NodeSet nodes, IStoreRoom room, Journal journal, TextWriter log)
{
    private const int LongestPauseMs = 1500;
    private const int LongestAfterMs = 8;
    private const int LongestStartMs = 1200;

    /// <summary>In leases. With most leases some last longer than a statement may take.</summary>
    private const int LongestStall = 5;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly Random _random = new(options.Seed);
    private readonly List<Task> _aftermath = [];

    public List<Kill> Kills { get; } = [];

    /// <summary>What clients do after each restart; given the number of the kill.</summary>
    public Func<int, Task> AfterEach { get; init; } = _ => Task.CompletedTask;

    public async Task RunAsync()
    {
        while (Kills.Count < options.Kills)
        {
            var death = options.Deaths[_random.Next(options.Deaths.Count)];
            var moment = (Moment)_random.Next(Enum.GetValues<Moment>().Length);
            await Task.Delay(_random.Next(LongestPauseMs));
            await WaitForAsync(moment);
            await Task.Delay(_random.Next(LongestAfterMs));
            var underWay = journal.Open().Count;
            var living = nodes.All.Where(node => node.HasLived).ToArray();
            var node = living[_random.Next(living.Length)];
            var kill = Note(death, moment, node.Current?.NodeNumber);
            var since = Stopwatch.GetTimestamp();
            await DieAsync(kill, node);
            kill.Down = Stopwatch.GetElapsedTime(since);
            _aftermath.Add(AfterEach(kill.Number));
            log.WriteLine($"kill {kill.Number}: {death}, {moment}, {underWay} tasks under way, answers again after {kill.Down.TotalSeconds:0.00} s");
            // One more joins each time, until all are there.
            if (nodes.All.FirstOrDefault(node => !node.HasLived) is { } newcomer)
                await newcomer.StartAsync();
        }

        await Task.WhenAll(_aftermath);
    }

    private Kill Note(Death death, Moment moment, long? node)
    {
        var kill = new Kill(Kills.Count + 1, death, moment, TimeProvider.System.GetUtcNow()) { Node = death is Death.Kill or Death.Freeze ? node : null };
        Kills.Add(kill);
        return kill;
    }

    private async Task DieAsync(Kill kill, Node node)
    {
        switch (kill.Death)
        {
            case Death.Kill:
                await node.KillAsync();
                if (kill.Moment == Moment.WhileStarting && Kills.Count < options.Kills)
                {
                    await node.DieYoungAsync(TimeSpan.FromMilliseconds(_random.Next(LongestStartMs)));
                    Note(kill.Death, kill.Moment, node: null);
                }

                await node.StartAsync();
                break;
            case Death.Stop:
                await node.StopAsync();
                await node.StartAsync();
                break;
            case Death.Freeze:
                await node.FreezeAsync(options.Lease * (1 + _random.NextDouble()));
                break;
            case Death.Database:
                await room.CrashAsync();
                await ResumeAsync(kill);
                break;
            case Death.Hang:
                await room.StallAsync(options.Lease * LongestStall * _random.NextDouble() * _random.NextDouble());
                await ResumeAsync(kill);
                break;
            case Death.Failover:
                await room.FailOverAsync();
                await ResumeAsync(kill);
                await room.ReplaceStandbyAsync();
                break;
        }
    }

    /// <summary>Waits until a task is accepted, now that the database answers.</summary>
    private async Task ResumeAsync(Kill kill)
    {
        var since = Stopwatch.GetTimestamp();
        try
        {
            await journal.NextAcknowledgement.WaitAsync(options.LongestRecovery);
            kill.Resumed = Stopwatch.GetElapsedTime(since);
        }
        catch (TimeoutException)
        {
            // Is judged by that there is no time.
        }
    }

    private Task WaitForAsync(Moment moment) => (moment switch
    {
        Moment.RightAfterAcknowledgement => journal.NextAcknowledgement,
        Moment.RightAfterEnd => journal.NextEnd,
        _ => Task.CompletedTask,
    }).WaitAsync(LongestWait).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
