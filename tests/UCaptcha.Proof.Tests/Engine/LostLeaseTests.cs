using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Engine;

/// <summary>A node loses its lease, lets go of its tasks, and has some of them again under the next one.</summary>
public sealed class LostLeaseTests : IDisposable
{
    private const string Accept = "ITaskStore.AcceptAsync";
    private const string Begin = "ITaskStore.BeginAttemptAsync";
    private const string Finish = "ITaskStore.FinishAsync";
    private const string Find = "ITaskStore.FindAsync";
    private const string TakeUp = "ITaskStore.ListAttemptsAsync";

    private static readonly string[] Fast = ["a:capmonster,latency=20ms"];
    private static readonly string[] Endless = ["a:capmonster,latency=600s"];
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Adopt_TheLifeThatIsThereIsOfTheLostLease_TakesItsPlace()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Fast);
        var (accepted, begun) = (new LateAnswer(Accept), new LostLease(Begin));
        await using var life = await StartAsync(emulator, Fast, new Faults(accepted, begun));
        var creating = life.Engine.CreateAsync(life.Recaptcha(), None).AsTask();
        await accepted.Reached;
        var stored = await StoredAsync(life);
        life.Engine.LetGo();
        accepted.Release();
        await creating;
        await begun.Reached;

        try
        {
            Assert.True(life.Engine.Adopt(stored, [], _ => life.Key));
            await Eventually.TrueAsync(async () => (await life.Store.FindAsync(stored.Id, None))!.State == TaskState.Ready);
        }
        finally
        {
            begun.Tell();
        }

        await life.IdleAsync();
        Assert.Single(await life.Store.ListAttemptsAsync(stored.Id, None));
        Assert.Equal(1, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task Adopt_BeforeTheAcceptanceIsToldOf_IsTheOnlyLife()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Endless);
        var accepted = new LateAnswer(Accept);
        await using var life = await StartAsync(emulator, Endless, accepted);
        var creating = life.Engine.CreateAsync(life.Recaptcha(), None).AsTask();
        await accepted.Reached;
        life.Engine.LetGo();
        var stored = await StoredAsync(life);
        var isTakenUp = life.Engine.Adopt(stored, [], _ => life.Key);

        accepted.Release();
        await creating;

        Assert.True(isTakenUp);
        Assert.Equal(1, life.Engine.Unfinished);
        await Eventually.TrueAsync(async () => (await life.Store.ListAttemptsAsync(stored.Id, None)) is [{ State: AttemptState.Submitted }]);
        Assert.Null((await life.Store.FindAsync(stored.Id, None))!.FinishedAt);
    }

    [Fact]
    public async Task Adopt_AgainUnderTheSameLease_ChangesNothing()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Endless);
        await using var life = await StartAsync(emulator, Endless, FaultPlan.Nothing());
        var stored = await SubmitAsync(life);

        Assert.False(life.Engine.Adopt(stored, [], _ => life.Key));
        life.Engine.LetGo();
        await life.IdleAsync();

        Assert.Null((await life.Store.FindAsync(stored.Id, None))!.FinishedAt);
        Assert.Single(await life.Store.ListAttemptsAsync(stored.Id, None));
        Assert.Equal(1, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task LetGo_WhileATaskRests_ItIsLeftToWhoeverHasIt()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Fast);
        var clock = new ManualTimeProvider();
        var breakdown = new Breakdown(Begin, Finish);
        await using var life = await StartAsync(emulator, Fast, breakdown, clock);
        await life.Engine.CreateAsync(life.Recaptcha(), None);
        await Eventually.TrueAsync(() => breakdown.Failed(Finish) == 1 && clock.DueIn(Rest) == 1);
        breakdown.End();

        life.Engine.LetGo();
        clock.Advance(Rest);
        await life.IdleAsync();

        Assert.Equal((0, 0), (breakdown.Called(Find), breakdown.Called(TakeUp)));
        Assert.Equal(0, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task LetGo_WhileATaskInDoubtIsLookedFor_ItIsLeftToWhoeverHasIt()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Fast);
        var found = new LateAnswer(Find);
        await using var life = await StartAsync(emulator, Fast, new Faults(new FaultPlan(Fault.After, at: 1, forEver: false, only: Accept), found));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => life.Engine.CreateAsync(life.Recaptcha(), None).AsTask());
        await found.Reached;

        life.Engine.LetGo();
        found.Release();
        await life.IdleAsync();

        var stored = await StoredAsync(life);
        Assert.Empty(await life.Store.ListAttemptsAsync(stored.Id, None));
        Assert.True(life.Engine.Adopt(stored, [], _ => life.Key));
        await Eventually.TrueAsync(async () => (await life.Store.FindAsync(stored.Id, None))!.State == TaskState.Ready);
        Assert.Equal(1, await emulator.ReceivedAsync("a"));
    }

    public void Dispose() => _folder.Dispose();

    private Task<EngineLife> StartAsync(EmulatorProcess emulator, string[] accounts, IFaults faults, TimeProvider? clock = null) =>
        EngineLife.StartAsync(_folder.Path, emulator, accounts, faults, clock: clock);

    private static async Task<StoredTask> SubmitAsync(EngineLife life)
    {
        var id = (await life.Engine.CreateAsync(life.Recaptcha(), None)).Id;
        await Eventually.TrueAsync(async () => (await life.Store.ListAttemptsAsync(id, None)) is [{ State: AttemptState.Submitted }]);
        return (await life.Store.FindAsync(id, None))!;
    }

    /// <summary>The only task that has not ended.</summary>
    private static async Task<StoredTask> StoredAsync(EngineLife life)
    {
        var all = new List<StoredTask>();
        await foreach (var (task, _) in life.Store.ListUnfinishedAsync(None))
            all.Add(task);
        return Assert.Single(all);
    }
}
