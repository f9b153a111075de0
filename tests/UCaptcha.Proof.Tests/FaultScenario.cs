using System.Text;
using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.KillTest.Judging;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Proof.Tests;

/// <summary>
/// Tasks that are solved, refused, moved on, lost and given up, on a real engine with a real file and real accounts, while one
/// call of the store fails. The clients do what good clients do: they try again under the same request id.
/// </summary>
internal sealed class FaultScenario(EmulatorProcess emulator, FaultPlan plan, UnknownSubmission onUnknown = UnknownSubmission.Elsewhere) : IAsyncDisposable
{
    /// <summary>A task for each: the account it is forced to, or none for the cheapest first, on to the next.</summary>
    private static readonly string[] Providers = ["", "", "good", "unsolvable", "lost"];

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Guid, TaskView> _seen = [];
    private readonly List<string> _broken = [];

    /// <summary>The accounts for <see cref="EmulatorProcess.StartAsync"/>.</summary>
    public static string[] Accounts { get; } =
    [
        "good:capmonster,latency=20ms,price=1.0",
        "unsolvable:capmonster,latency=20ms,mode=unsolvable,price=0.5",
        "lost:twocaptcha,latency=20ms,mode=cut,price=0.7",
        "busy:anticaptcha,latency=20ms,mode=busy,price=0.6",
    ];

    /// <summary>Runs it, restarts if the store died, and returns every broken promise.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(bool diesAtFault)
    {
        await LiveAsync(plan, diesAtFault);
        await LiveAsync(FaultPlan.Nothing(), diesAtFault: false);
        var upstream = new List<UpstreamTask>();
        foreach (var account in Accounts.Select(account => account.Split(':')[0]))
            upstream.AddRange(UpstreamTask.Read(account, await emulator.ReportAsync(account)).Where(task => task.Marker.StartsWith(_run, StringComparison.Ordinal)));
        var store = StoreRecord.ReadFile(Path.Combine(_folder.Path, "ucaptcha.db"));
        if (store.Tasks.Count != Providers.Length)
            _broken.Add($"{Providers.Length} submissions are {store.Tasks.Count} tasks");
        if (onUnknown == UnknownSubmission.Fail)
            _broken.AddRange(store.Tasks.Where(task => store.Attempts[task.Task].SkipLast(1).Any(attempt => attempt.Lost)).Select(task => $"task {task.Task} went elsewhere"));
        return [.. _broken, .. Oracle.Judge(store, upstream), .. store.Tasks.SelectMany(Told)];
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One life of the server: it starts, unless the store fails it in that, serves, and ends when there is no more to do or the store has died.</summary>
    private async Task LiveAsync(FaultPlan faults, bool diesAtFault)
    {
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts, faults, options: new EngineOptions { TimeBudget = TimeSpan.FromSeconds(20), OnUnknownSubmission = onUnknown });
        try
        {
            await life.Engine.ResumeAsync(_ => life.Key, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return;
        }

        await Task.WhenAll(Providers.Select((provider, i) => ServeAsync(life, i, provider, diesAtFault)));
        if (!diesAtFault)
            await life.IdleAsync();
    }

    /// <summary>Submits until it is accepted, watches until it has ended.</summary>
    private async Task ServeAsync(EngineLife life, int number, string provider, bool diesAtFault)
    {
        var request = new NewTask(life.Key, Encoding.UTF8.GetBytes($$"""{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com","websiteKey":"{{_run}}-{{number}}"}"""), "ucaptcha")
        {
            RequestId = $"request-{number}",
            Provider = provider.Length == 0 ? null : provider,
        };
        while (true)
        {
            try
            {
                var view = await life.Engine.CreateAsync(request, CancellationToken.None);
                while (!view.Ended && !(diesAtFault && plan.Hit is not null))
                    view = await life.Engine.Views.WaitAsync(life.Key, view.Id, TimeSpan.FromMilliseconds(100), CancellationToken.None);
                if (view.Ended)
                    See(view);
                return;
            }
            catch (StoreUnavailableException)
            {
                if (diesAtFault)
                    return;
                await Task.Delay(10);
            }
            catch (RefusedException refused) when (refused.Code == ErrorCodes.WrongCaptchaId && diesAtFault)
            {
                return;
            }
        }
    }

    private void See(TaskView view)
    {
        lock (_seen)
        {
            if (_seen.TryAdd(view.Id, view))
                return;
            var before = _seen[view.Id];
            if (before.Status != view.Status || before.ErrorCode != view.ErrorCode || !before.Solution.Span.SequenceEqual(view.Solution.Span))
                _broken.Add($"task {view.Id} was {before.Status} {before.ErrorCode} and then {view.Status} {view.ErrorCode}");
        }
    }

    private IEnumerable<string> Told(TaskRow task)
    {
        if (!_seen.TryGetValue(task.Task, out var view))
            yield return $"nobody saw the end of task {task.Task}";
        else if ((view.Status == TaskStatus.Ready) != (task.State == StoreRecord.Ready) || view.ErrorCode != task.ErrorCode)
            yield return $"task {task.Task} was told as {view.Status} {view.ErrorCode} and is stored as {task.State} {task.ErrorCode}";
        if (task.ErrorCode == ErrorCodes.Internal)
            yield return $"task {task.Task} failed by a fault of the server";
    }
}
