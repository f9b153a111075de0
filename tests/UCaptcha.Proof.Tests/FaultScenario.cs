using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.KillTest.Driving;
using UCaptcha.KillTest.Judging;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Proof.Tests;

/// <summary>
/// Tasks that are solved, refused, moved on, lost and given up, followed, called bad, purged and asked for again, on a real engine with a
/// real file and real accounts, while one call of the store fails.
/// </summary>
internal sealed class FaultScenario(EmulatorProcess emulator, FaultPlan plan, UnknownSubmission onUnknown) : IDisposable
{
    private const int PurgeSize = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly FaultClients _clients = new();

    /// <summary>What was stored when all had ended, before the purge.</summary>
    private StoreRecord? _ended;

    /// <summary>The accounts for <see cref="EmulatorProcess.StartAsync"/>.</summary>
    public static string[] Accounts { get; } =
    [
        "good:capmonster,latency=20ms,price=1.0",
        "unsolvable:capmonster,latency=20ms,mode=unsolvable,price=0.5",
        "lost:twocaptcha,latency=20ms,mode=cut,price=0.7",
        "busy:anticaptcha,latency=20ms,mode=busy,price=0.6",
    ];

    /// <summary>When the last of them ended: it alone is younger than what is purged.</summary>
    private long LastEnd => _ended!.Tasks.Max(task => task.FinishedAt!.Value);

    /// <summary>Runs it, restarts if the store died, and returns every broken promise.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(bool diesAtFault)
    {
        await LiveAsync(plan, diesAtFault);
        await LiveAsync(FaultPlan.Nothing(), diesAtFault: false);
        var evidence = new Evidence
        {
            Store = _ended!,
            Upstream = await UpstreamAsync(),
            Outrages = [],
            Tasks = _clients.Tasks,
            BadReports = _clients.BadReports,
            Payments = new Dictionary<string, Payment>(),
            Deliveries = [],
            Feeds = [_clients.Feed],
        };
        return [.. evidence.Judge(), .. Tasks(_ended!), .. Left(_ended!, Read())];
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>One life of the server: it starts, unless the store fails it in that, serves, and ends when there is no more to do or the store has died.</summary>
    private async Task LiveAsync(FaultPlan faults, bool diesAtFault)
    {
        var options = new EngineOptions { TimeBudget = TimeSpan.FromSeconds(20), OnUnknownSubmission = onUnknown };
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts, faults, options);
        try
        {
            await life.Engine.ResumeAsync(_ => life.Key, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return;
        }

        if (_ended is null)
        {
            await _clients.ServeAsync(life, Died);
            if (Died())
                return;
            await life.IdleAsync();
            _ended = Read();
        }

        if (await FaultClients.InsistAsync(Died, () => PurgeAsync(life.FaultyStore)))
            await _clients.AskAgainAsync(life, Died);

        bool Died() => diesAtFault && faults.Hit is not null;
    }

    private async Task PurgeAsync(ITaskStore store)
    {
        while (await store.PurgeAsync(DateTimeOffset.FromUnixTimeMilliseconds(LastEnd), DateTimeOffset.UnixEpoch, PurgeSize, CancellationToken.None) == PurgeSize)
        {
        }
    }

    private async Task<IReadOnlyList<UpstreamTask>> UpstreamAsync()
    {
        var upstream = new List<UpstreamTask>();
        foreach (var account in Accounts.Select(account => account.Split(':')[0]))
            upstream.AddRange(UpstreamTask.Read(account, await emulator.ReportAsync(account)).Where(task => task.Marker.StartsWith(_clients.Run, StringComparison.Ordinal)));
        return upstream;
    }

    private StoreRecord Read() => StoreRecord.ReadFile(Path.Combine(_folder.Path, "ucaptcha.db"));

    private IEnumerable<string> Tasks(StoreRecord ended)
    {
        if (ended.Tasks.Count != FaultClients.Count)
            yield return $"{FaultClients.Count} submissions are {ended.Tasks.Count} tasks";
        foreach (var task in ended.Tasks)
        {
            if (!_clients.Tasks.ContainsKey(task.Task.ToString()))
                yield return $"nobody saw the end of task {task.Task}";
            if (task.ErrorCode == ErrorCodes.Internal)
                yield return $"task {task.Task} failed by a fault of the server";
            if (onUnknown == UnknownSubmission.Fail && ended.Attempts[task.Task].SkipLast(1).Any(attempt => attempt.Lost))
                yield return $"task {task.Task} went elsewhere";
        }
    }

    /// <summary>A purge takes what ended before its time, and nothing else: the money stays, and who asks is told how it ended.</summary>
    private IEnumerable<string> Left(StoreRecord ended, StoreRecord left)
    {
        var kept = ended.Tasks.Where(task => task.FinishedAt == LastEnd).Select(task => task.Task).ToHashSet();
        if (!kept.SetEquals(left.Tasks.Select(task => task.Task)))
            yield return $"the purge left {left.Tasks.Count} tasks of {kept.Count}";
        if (left.Ledger.Count != ended.Ledger.Count)
            yield return $"the purge left {left.Ledger.Count} of {ended.Ledger.Count} rows of the ledger";
        foreach (var unproven in left.Unproven)
            yield return $"after the purge the ledger does not prove {unproven.What}";
        foreach (var task in ended.Tasks)
        {
            if (!_clients.Again.TryGetValue(task.Task, out var view))
                yield return $"task {task.Task} was not found again";
            else if ((view.Status == TaskStatus.Ready, view.ErrorCode, view.Cost.Micros) != (task.State == StoreRecord.Ready, task.ErrorCode, task.CostMicros))
                yield return $"task {task.Task} is {task.State} {task.ErrorCode} and was told again as {view.Status} {view.ErrorCode}";
            else if (view.Solution.IsEmpty != (view.Status != TaskStatus.Ready || !kept.Contains(task.Task)))
                yield return $"task {task.Task} was told again with a solution of {view.Solution.Length} bytes";
        }
    }
}
