using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Proof.Tests.Engine;

/// <summary>An engine that stops, and lives that break off by a fault nobody foresaw.</summary>
public sealed class EngineTests : IDisposable
{
    private const string Begin = "ITaskStore.BeginAttemptAsync";
    private const string Submit = "ITaskStore.RecordSubmissionAsync";
    private const string Close = "ITaskStore.CloseAttemptAsync";
    private const string Finish = "ITaskStore.FinishAsync";
    private const string Find = "ITaskStore.FindAsync";
    private const string TakeUp = "ITaskStore.ListAttemptsAsync";

    private static readonly string[] Slugs = ["a", "b"];
    private static readonly string[] Accounts = ["a:capmonster,latency=20ms", "b:twocaptcha,latency=20ms"];
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Stop_AnAttemptFailsMeanwhile_NoOtherIsBegunUntilTheNextStart()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        foreach (var slug in Slugs)
            await emulator.ChangeAsync(slug, "mode", "unsolvable");
        var brake = new Brake(Close);
        Guid id;
        await using (var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts, brake))
        {
            id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
            await brake.Reached;
            var stopping = life.Engine.StopAsync(TimeSpan.FromMinutes(1));
            var refused = await Assert.ThrowsAsync<RefusedException>(() => life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None).AsTask());
            brake.Release();
            await stopping;

            Assert.Equal(ErrorCodes.ServiceNotAvailable, refused.Code);
            Assert.Equal(AttemptState.Failed, Assert.Single(await life.Store.ListAttemptsAsync(id, CancellationToken.None)).State);
            Assert.Equal(1, await ReceivedAsync(emulator));
        }

        foreach (var slug in Slugs)
            await emulator.ChangeAsync(slug, "mode", "ok");
        await AssertResumedAsync(emulator, id, received: 2);
    }

    [Theory]
    [InlineData(Begin, 1)]
    [InlineData(Submit, 2)]
    public async Task Life_BreaksOffAndCannotFail_IsTakenUpAfterHalfAMinuteAndEveryoneWhoWaitsSeesItsEnd(string call, int received)
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        var clock = new ManualTimeProvider();
        var breakdown = new Breakdown(call, Finish);
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts, breakdown, clock: clock);
        var id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
        var watching = WatchAsync(life, id);
        var waiting = life.Engine.Views.WaitAsync(life.Key, id, TimeSpan.FromHours(1), CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => breakdown.Failed(Finish) == 1 && clock.DueIn(Rest) == 1);
        Assert.Equal(1, breakdown.Failed(call));
        breakdown.End();

        clock.Advance(Rest - Tick);
        // The watchers' own looks may come due with it.
        Assert.NotEqual(0, clock.DueIn(Tick));
        Assert.Equal(0, breakdown.Called(TakeUp));
        Assert.False(watching.IsCompleted || waiting.IsCompleted);
        clock.Advance(Tick);

        await LiveAsync(clock, () => watching.IsCompleted && waiting.IsCompleted);
        Assert.Equal(1, breakdown.Called(TakeUp));
        Assert.Equal(TaskStatus.Ready, (await watching).Status);
        Assert.Equal(TaskStatus.Ready, (await waiting).Status);
        Assert.Equal(received, await ReceivedAsync(emulator));
    }

    [Theory]
    [InlineData(Begin, 0)]
    [InlineData(Submit, 1)]
    [InlineData(Close, 1)]
    public async Task Life_BreaksOff_TheAttemptUnderWayIsLost(string call, int received)
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts[..1]);
        if (call == Close)
            await emulator.ChangeAsync("a", "mode", "unsolvable");
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], new Breakdown(call));

        var id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
        await life.IdleAsync();

        Assert.Equal(ErrorCodes.Internal, (await life.Store.FindAsync(id, CancellationToken.None))!.ErrorCode);
        var attempts = await life.Store.ListAttemptsAsync(id, CancellationToken.None);
        Assert.Equal(received, attempts.Count);
        Assert.All(attempts, attempt => Assert.Equal((AttemptState.Lost, "CUT_BY_FAULT"), (attempt.State, attempt.ErrorCode)));
        Assert.Equal(received, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task Life_CannotBeTakenUpAfterHalfAMinute_IsAfterAnother()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        var clock = new ManualTimeProvider();
        var breakdown = new Breakdown(Begin, Finish, Find);
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts, breakdown, clock: clock);
        var id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
        await Eventually.TrueAsync(() => breakdown.Failed(Finish) == 1 && clock.DueIn(Rest) == 1);

        clock.Advance(Rest);
        await Eventually.TrueAsync(() => breakdown.Failed(Find) == 1 && clock.DueIn(Rest) == 1);
        breakdown.End();
        clock.Advance(Rest);

        var watching = WatchAsync(life, id);
        await LiveAsync(clock, () => watching.IsCompleted);
        Assert.Equal(TaskStatus.Ready, (await watching).Status);
        Assert.Equal(1, await ReceivedAsync(emulator));
    }

    [Fact]
    public async Task Attempt_ThatWentToSeeBreaksOff_AnotherGoesToSee()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts[..1]);
        await emulator.ChangeAsync("a", "mode", "broke");
        var clock = new ManualTimeProvider();
        var trap = new Trap(Begin);
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], trap, clock: clock);
        Assert.Equal(TaskStatus.Failed, (await SolveAsync()).Status);
        await emulator.ChangeAsync("a", "mode", "ok");
        clock.Advance(TimeSpan.FromHours(1));
        trap.Set();
        Assert.Equal(ErrorCodes.Internal, (await SolveAsync()).ErrorCode);

        Assert.Equal(TaskStatus.Ready, (await SolveAsync()).Status);

        async Task<TaskView> SolveAsync()
        {
            var watching = WatchAsync(life, (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id);
            await LiveAsync(clock, () => watching.IsCompleted);
            return await watching;
        }
    }

    [Fact]
    public async Task Poll_ProviderAsksForSlowerOnes_TheTaskIsNotGivenUp()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts[..1]);
        await emulator.ChangeAsync("a", "maxPolls", "0");
        var clock = new ManualTimeProvider();
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], FaultPlan.Nothing(), clock: clock);
        var id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
        var watching = WatchAsync(life, id);
        await LiveAsync(clock, () => watching.IsCompleted || RefusedAsync().GetAwaiter().GetResult() > 6);

        Assert.False(watching.IsCompleted);
        await emulator.ChangeAsync("a", "maxPolls", "1000");
        await LiveAsync(clock, () => watching.IsCompleted);
        Assert.Equal(TaskStatus.Ready, (await watching).Status);

        async Task<int> RefusedAsync() => (await emulator.ReportAsync("a")).GetProperty("errors").GetInt32();
    }

    [Fact]
    public async Task Poll_ProviderIsSilent_PausesAreDoubledBeforeItIsGivenUp()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts[..1]);
        var clock = new ManualTimeProvider();
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], FaultPlan.Nothing(), clock: clock);
        var id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
        var watching = WatchAsync(life, id);
        await Eventually.TrueAsync(() => clock.DueIn(PollInterval) == 1);
        await emulator.ChangeAsync("a", "mode", "dead");
        clock.Advance(PollInterval);

        foreach (var pause in new[] { 2, 4, 8, 8 })
        {
            await Eventually.TrueAsync(() => clock.DueIn(pause * PollInterval) == 1);
            clock.Advance(pause * PollInterval);
        }

        await LiveAsync(clock, () => watching.IsCompleted);
        Assert.Equal(TaskStatus.Failed, (await watching).Status);
    }

    [Fact]
    public async Task Stop_WhileATaskRests_IsNotHeldUpAndTheNextStartTakesItUp()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        var clock = new ManualTimeProvider();
        var breakdown = new Breakdown(Begin, Finish);
        Guid id;
        await using (var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts, breakdown, clock: clock))
        {
            id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
            await Eventually.TrueAsync(() => breakdown.Failed(Finish) == 1 && clock.DueIn(Rest) == 1);
            // The clock stands: neither the rest nor the grace can run out.
            await life.Engine.StopAsync(TimeSpan.FromMinutes(1)).WaitAsync(TimeSpan.FromSeconds(30));
        }

        await AssertResumedAsync(emulator, id, received: 1, clock);
    }

    [Fact]
    public async Task Resume_AfterALongOutage_TheAccountsRecordSaysNothingOfIt()
    {
        var usual = TimeSpan.FromSeconds(10);
        await using var emulator = await EmulatorProcess.StartAsync(Accounts[..1]);
        var clock = new ManualTimeProvider();
        Guid id;
        await using (var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], FaultPlan.Nothing(), clock: clock))
        {
            var first = await SubmittedAsync(life);
            clock.Advance(usual);
            var watching = WatchAsync(life, first);
            await LiveAsync(clock, () => watching.IsCompleted);
            await emulator.ChangeAsync("a", "latency", "600s");
            id = await SubmittedAsync(life);
        }

        clock.Advance(TimeSpan.FromMinutes(2));
        await emulator.ChangeAsync("a", "latency", "0s");
        await using var next = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], FaultPlan.Nothing(), clock: clock);
        await next.Engine.ResumeAsync(_ => next.Key, CancellationToken.None);
        var ending = WatchAsync(next, id);
        await LiveAsync(clock, () => ending.IsCompleted);

        Assert.Equal(TaskStatus.Ready, (await ending).Status);
        var record = Assert.Single(await next.Store.ListStatisticsAsync(CancellationToken.None));
        Assert.Equal(2, record.Samples);
        Assert.InRange(record.SolveTimeMs!.Value, usual.TotalMilliseconds, usual.TotalMilliseconds + 2000);
    }

    [Fact]
    public async Task Resume_ASubmissionWasCut_IsNoFailureOfTheAccounts()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Accounts[..1]);
        await emulator.ChangeAsync("a", "mode", "slow");
        Guid id;
        await using (var life = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], FaultPlan.Nothing()))
        {
            id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
            await Eventually.TrueAsync(async () => (await life.Store.ListAttemptsAsync(id, CancellationToken.None)).Count == 1);
        }

        await using var next = await EngineLife.StartAsync(_folder.Path, emulator, Accounts[..1], FaultPlan.Nothing());
        await next.Engine.ResumeAsync(_ => next.Key, CancellationToken.None);

        Assert.Equal(TaskStatus.Failed, (await WatchAsync(next, id)).Status);
        Assert.Equal(AttemptState.Lost, Assert.Single(await next.Store.ListAttemptsAsync(id, CancellationToken.None)).State);
        Assert.Empty(await next.Store.ListStatisticsAsync(CancellationToken.None));
    }

    public void Dispose() => _folder.Dispose();

    private async Task AssertResumedAsync(EmulatorProcess emulator, Guid id, int received, ManualTimeProvider? clock = null)
    {
        await using var next = await EngineLife.StartAsync(_folder.Path, emulator, Accounts, FaultPlan.Nothing(), clock: clock);
        Assert.Equal(1, await next.Engine.ResumeAsync(_ => next.Key, CancellationToken.None));
        var watching = WatchAsync(next, id);
        await LiveAsync(clock, () => watching.IsCompleted);
        Assert.Equal(TaskStatus.Ready, (await watching).Status);
        Assert.Equal(received, await ReceivedAsync(emulator));
    }

    private static async Task<Guid> SubmittedAsync(EngineLife life)
    {
        var id = (await life.Engine.CreateAsync(life.Recaptcha(), CancellationToken.None)).Id;
        await Eventually.TrueAsync(async () => (await life.Store.ListAttemptsAsync(id, CancellationToken.None)) is [{ State: AttemptState.Submitted }]);
        return id;
    }

    /// <summary>The last state that a watcher is shown.</summary>
    private static async Task<TaskView> WatchAsync(EngineLife life, Guid id)
    {
        TaskView? last = null;
        await foreach (var view in life.Engine.Views.WatchAsync(life.Key, TaskReference.Parse(id.ToString()), CancellationToken.None))
            last = view;
        return last!;
    }

    private static Task LiveAsync(ManualTimeProvider? clock, Func<bool> ended) => Eventually.TrueAsync(() =>
    {
        clock?.Advance(PollInterval);
        return ended();
    });

    /// <summary>How many tasks the accounts took; none of them took one twice.</summary>
    private static async Task<int> ReceivedAsync(EmulatorProcess emulator)
    {
        var received = await Task.WhenAll(Slugs.Select(emulator.ReceivedAsync));
        Assert.All(received, count => Assert.InRange(count, 0, 1));
        return received.Sum();
    }
}
