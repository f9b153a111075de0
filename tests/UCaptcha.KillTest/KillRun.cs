using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Judging;
using UCaptcha.KillTest.Nodes;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.KillTest;

/// <summary>One run: services that outlive everything, servers that die, customers that go on, and at the end the oracle.</summary>
public static class KillRun
{
    private const int TimeBudgetMs = 30_000;
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(90);

    /// <summary>Two fast and two slow accounts that fail, have no slot, or lose their answer now and then.</summary>
    private static readonly string[] Accounts =
    [
        "alpha:capmonster,latency=300ms,jitter=900ms,price=0.6,failures=8,busy=4,cuts=2,callLatency=4ms",
        "beta:twocaptcha,latency=500ms,jitter=1200ms,price=1.0,failures=4,cuts=1,callLatency=15ms",
        "gamma:anticaptcha,latency=400ms,jitter=700ms,price=0.9,failures=12,busy=8,callLatency=8ms",
        "delta:capsolver,latency=200ms,jitter=2000ms,price=0.8,failures=6,cuts=3,callLatency=25ms",
    ];

    /// <summary>Runs it; broken promises are in the report.</summary>
    public static async Task<KillReport> RunAsync(KillOptions options, TextWriter log)
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        await using var room = new SqliteRoom();
        await using var nodes = new NodeSet([.. Enumerable.Range(1, options.Nodes).Select(number => new Node(number, Settings(emulator, room), room.DataFolder(number)))]);
        await Task.WhenAll(nodes.All.Select(node => node.StartAsync()));

        var journal = new Journal();
        var driver = new Driver(options, nodes, journal);
        var killer = new Killer(options, nodes, journal, log);
        var feeds = (FeedWatcher[])[.. Feeds(nodes, journal, options.Seed)];
        using var endOfFeeds = new CancellationTokenSource();
        using var endOfSubmitting = new CancellationTokenSource();
        using var endOfPatience = new CancellationTokenSource();
        var following = Task.WhenAll(feeds.Select(feed => Task.Run(() => feed.RunAsync(endOfFeeds.Token))));
        var driving = Task.Run(() => driver.RunAsync(endOfSubmitting.Token, endOfPatience.Token));
        await killer.RunAsync();
        await endOfSubmitting.CancelAsync();

        endOfPatience.CancelAfter(LongestSettling);
        var unsettled = await SettleAsync(room, feeds, driving);
        await driver.AskAgainAsync(endOfPatience.Token);
        await endOfFeeds.CancelAsync();
        await following;
        return await ReportAsync(options, emulator, room, nodes, journal, killer, feeds, unsettled);
    }

    private static IEnumerable<FeedWatcher> Feeds(NodeSet nodes, Journal journal, int seed) =>
        from key in (string[])[KeyNames.Open, KeyNames.Tight]
        from grpc in (bool[])[true, false]
        select new FeedWatcher(key, grpc, nodes, journal, seed);

    private static Dictionary<string, string> Settings(EmulatorProcess emulator, IStoreRoom room)
    {
        var settings = new Dictionary<string, string>(room.Settings)
        {
            ["Keys__open__Key"] = KeyNames.Open,
            ["Keys__tight__Key"] = KeyNames.Tight,
            ["Keys__tight__BudgetUsd"] = "0.02",
            ["RateLimit__PerAddress"] = "0",
            ["Engine__TimeBudgetMs"] = $"{TimeBudgetMs}",
        };
        foreach (var account in Accounts)
        {
            foreach (var (name, value) in emulator.Account(account.Split(':')[0], account.Split(':', ',')[1]))
                settings[name] = value;
        }

        return settings;
    }

    /// <summary>Waits until every task has ended and every stream has told of it; says what did not happen.</summary>
    private static async Task<IReadOnlyList<string>> SettleAsync(IStoreRoom room, FeedWatcher[] feeds, Task driving)
    {
        try
        {
            await driving;
            await Eventually.TrueAsync(
                () =>
                {
                    using var connection = room.Connect();
                    return StoreRecord.Progress(connection).Unfinished == 0;
                },
                LongestSettling);
            var ends = room.Read(store => store.Tasks.GroupBy(task => task.KeyId).ToDictionary(group => group.Key, group => group.Max(task => task.Sequence!.Value)));
            var keys = room.Read(store => store.Keys.ToDictionary(key => key.Name, key => key.Id));
            await Eventually.TrueAsync(
                () => feeds.All(feed => feed.Position >= ends.GetValueOrDefault(keys[feed.Key == KeyNames.Open ? "open" : "tight"])), LongestSettling);
            return [];
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return [$"the run did not settle: {exception.Message}"];
        }
    }

    private static async Task<KillReport> ReportAsync(
        KillOptions options, EmulatorProcess emulator, IStoreRoom room, NodeSet nodes, Journal journal, Killer killer, FeedWatcher[] feeds, IReadOnlyList<string> unsettled)
    {
        var upstream = new List<UpstreamTask>();
        foreach (var account in Accounts.Select(account => account.Split(':')[0]))
            upstream.AddRange(UpstreamTask.Read(account, await emulator.ReportAsync(account)));
        var store = room.Read(store => store);
        var late = killer.Kills.Where(kill => kill.Recovered is not { } time || time > options.Lease)
            .Select(kill => $"kill {kill.Number} ({kill.Moment}): the tasks under way took {kill.Recovered?.TotalSeconds ?? double.PositiveInfinity:0.0} s to end");
        return new KillReport(options, killer.Kills, journal, store, upstream, [
            .. unsettled,
            .. Oracle.Judge(store, upstream),
            .. Witnesses.Hear(store, journal, feeds),
            .. late,
            .. nodes.All.SelectMany(node => node.Faults),
        ]);
    }

    private static T Read<T>(this IStoreRoom room, Func<StoreRecord, T> read)
    {
        using var connection = room.Connect();
        return read(StoreRecord.Read(connection));
    }
}
