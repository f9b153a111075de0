using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Judging;
using UCaptcha.KillTest.Nodes;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.KillTest;

/// <summary>One run: services that outlive everything, servers that die, customers that go on, and at the end the oracle.</summary>
internal sealed class KillRun(KillOptions options, IStoreRoom room, TextWriter log)
{
    private const int TimeBudgetMs = 45_000;
    private const int RepeatsAfterEach = 4;

    /// <summary>Longer than a claim of a callback holds whose sender has died.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(90);

    /// <summary>Two fast and two slow accounts that fail, have no slot, or lose their answer now and then.</summary>
    private static readonly string[] Accounts =
    [
        "alpha:capmonster,latency=300ms,jitter=900ms,price=0.6,failures=8,busy=4,cuts=2,callLatency=4ms",
        "beta:twocaptcha,latency=500ms,jitter=1200ms,price=1.0,failures=4,cuts=1,callLatency=15ms",
        "gamma:anticaptcha,latency=400ms,jitter=700ms,price=0.9,failures=12,busy=8,callLatency=8ms",
        "delta:capsolver,latency=200ms,jitter=2000ms,price=0.8,failures=6,cuts=3,callLatency=25ms",
    ];

    private readonly Journal _journal = new();

    /// <summary>One with the store that the options name.</summary>
    public static async Task<KillReport> RunAsync(KillOptions options, TextWriter log)
    {
        await using IStoreRoom room = options.OnPostgres ? await PostgresRoom.StartAsync(options) : new SqliteRoom();
        return await new KillRun(options, room, log).RunAsync();
    }

    /// <summary>Runs it; broken promises are in the report.</summary>
    public async Task<KillReport> RunAsync()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        await using var receiver = await CallbackReceiver.StartAsync(room, _journal);
        await using var nodes = new NodeSet([.. Enumerable.Range(1, options.Nodes).Select(number => new Node(number, Settings(emulator), room.DataFolder(number)))]);
        await Task.WhenAll(nodes.All.Take(options.FirstNodes).Select(node => node.StartAsync()));
        room.NoteTakeovers();

        var bank = new Bank(nodes, _journal, options.Seed);
        var keys = new KeyRing(await bank.OpenAsync());
        var driver = new Driver(options, nodes, keys, receiver.Url, _journal);
        var feeds = (FeedWatcher[])[.. from key in keys.All from grpc in (bool[])[true, false] select new FeedWatcher(key, grpc, nodes, _journal, options.Seed)];
        using var endOfFeeds = new CancellationTokenSource();
        using var endOfSubmitting = new CancellationTokenSource();
        using var endOfPatience = new CancellationTokenSource();
        var killer = new Killer(options, nodes, room, _journal, log) { AfterEach = number => driver.RepeatAsync(number, RepeatsAfterEach, endOfPatience.Token) };
        var following = Task.WhenAll(feeds.Select(feed => Task.Run(() => feed.RunAsync(endOfFeeds.Token))));
        var driving = Task.WhenAll(
            Task.Run(() => driver.RunAsync(endOfSubmitting.Token, endOfPatience.Token)), Task.Run(() => bank.RunAsync(endOfSubmitting.Token, endOfPatience.Token)));
        await killer.RunAsync();
        await endOfSubmitting.CancelAsync();

        endOfPatience.CancelAfter(2 * LongestSettling);
        var unsettled = await SettleAsync(feeds, driving);
        await driver.AskAgainAsync(endOfPatience.Token);
        await endOfFeeds.CancelAsync();
        await following;
        var evidence = Collect(await AskAsync(emulator), feeds);
        var takeovers = new TakeoverTimes(killer.Kills, room.Takeovers());
        return new KillReport(options, killer.Kills, takeovers, _journal, evidence,
        [
            .. unsettled,
            .. evidence.Judge(),
            .. Late(killer, evidence.Store),
            .. from kill in killer.Kills where kill.OfDatabase && kill.Resumed is null select $"kill {kill.Number} ({kill.Death}) at {kill.At:HH:mm:ss.fff}: nothing was accepted when the database was back",
            .. options.JudgeTakeovers ? takeovers.Beyond(options.Lease) : [],
            .. nodes.All.SelectMany(node => node.Faults(options.Deaths.Any(Kill.IsOfDatabase))),
        ]);
    }

    private Dictionary<string, string> Settings(EmulatorProcess emulator)
    {
        var settings = new Dictionary<string, string>(room.Settings.Concat(KeyRing.Settings))
        {
            ["Admin__Key"] = Incarnation.AdminKey,
            ["Callbacks__AllowPrivateNetworks"] = "true",
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

    /// <summary>Waits until every task has ended, every callback has arrived and every stream has told of all; says what did not happen.</summary>
    private async Task<IReadOnlyList<string>> SettleAsync(FeedWatcher[] feeds, Task driving)
    {
        try
        {
            await driving;
            await Eventually.TrueAsync(
                () =>
                {
                    using var connection = room.Connect();
                    return StoreRecord.Unsettled(connection) == 0;
                },
                LongestSettling);
            var store = Read();
            var ends = store.Tasks.GroupBy(task => task.KeyId).ToDictionary(group => group.Key, group => group.Max(task => task.Sequence!.Value));
            var keys = store.Keys.ToDictionary(key => key.Name, key => key.Id);
            await Eventually.TrueAsync(() => feeds.All(feed => feed.Position >= ends.GetValueOrDefault(keys[feed.Key.Name])), LongestSettling);
            return [];
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return [$"the run did not settle: {exception.Message}"];
        }
    }

    private IEnumerable<string> Late(Killer killer, StoreRecord store) =>
        from kill in killer.Kills
        let recovered = kill.RecoveredIn(store)
        where recovered > options.LongestRecovery
        let last = kill.LastIn(store)!
        select $"kill {kill.Number} ({kill.Death}, {kill.Moment}) at {kill.At:HH:mm:ss.fff}: the tasks under way took {recovered.TotalSeconds:0.0} s to end, the last {last.Task}"
            + $" created {DateTimeOffset.FromUnixTimeMilliseconds(last.CreatedAt):HH:mm:ss.fff}: {string.Join("; ", store.Attempts[last.Task])}";

    private Evidence Collect(IReadOnlyList<UpstreamTask> upstream, FeedWatcher[] feeds) => new()
    {
        Store = Read(),
        Upstream = upstream,
        Outrages = [.. _journal.Outrages],
        Tasks = _journal.Tasks.ToDictionary(task => task.Key, task => new ToldTask(task.Value.Submission.Marker, [.. task.Value.Ends])),
        BadReports = _journal.BadReports,
        Payments = _journal.Payments,
        Deliveries = [.. _journal.Deliveries],
        Feeds = [.. feeds.Select(feed => feed.Record)],
    };

    private static async Task<IReadOnlyList<UpstreamTask>> AskAsync(EmulatorProcess emulator)
    {
        var upstream = new List<UpstreamTask>();
        foreach (var account in Accounts.Select(account => account.Split(':')[0]))
            upstream.AddRange(UpstreamTask.Read(account, await emulator.ReportAsync(account)));
        return upstream;
    }

    private StoreRecord Read()
    {
        using var connection = room.Connect();
        return StoreRecord.Read(connection);
    }
}
