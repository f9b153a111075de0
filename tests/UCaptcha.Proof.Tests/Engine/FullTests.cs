using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;
using TaskStatus = UCaptcha.Core.Tasks.Engine.TaskStatus;

namespace UCaptcha.Proof.Tests.Engine;

/// <summary>An account, or the store, has more to do than it can.</summary>
public sealed class FullTests : IDisposable
{
    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ManualTimeProvider _clock = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Wait_TheAccountIsFull_EndsWhileThereWouldBeTimeToSolveIt()
    {
        string[] accounts = ["a:capmonster,latency=0ms"];
        await using var emulator = await EmulatorProcess.StartAsync(accounts);
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, accounts, FaultPlan.Nothing(), clock: _clock, maxConcurrent: 1);
        var first = (await life.Engine.CreateAsync(life.Recaptcha(), None)).Id;
        await SubmittedAsync(life, first);
        // A solve takes as long as that from now on.
        _clock.Advance(UsualTime);
        Assert.Equal(TaskStatus.Ready, (await EndAsync(life, first)).Status);
        await emulator.ChangeAsync("a", "latency", "600s");
        await SubmittedAsync(life, (await life.Engine.CreateAsync(life.Recaptcha(), None)).Id);
        var waiting = (await life.Engine.CreateAsync(life.Recaptcha(), None)).Id;

        _clock.Advance(new EngineOptions().TimeBudget - (UsualTime * 1.5) - Margin);
        Assert.Equal(TaskStatus.Processing, (await ViewAsync(life, waiting)).Status);
        _clock.Advance(Margin * 2);

        var end = await EndAsync(life, waiting);
        Assert.Equal((TaskStatus.Failed, ErrorCodes.NoProvidersAvailable), (end.Status, end.ErrorCode));
        Assert.Equal(2, await emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task Create_TheStoreIsSlowAndBadRequestsAreRefusedAtOnce_FewerAreLetIn()
    {
        string[] accounts = ["a:capmonster,latency=600s"];
        await using var emulator = await EmulatorProcess.StartAsync(accounts);
        var slow = new SlowAnswers("ITaskStore.AcceptAsync", _clock);
        await using var life = await EngineLife.StartAsync(_folder.Path, emulator, accounts, slow, clock: _clock);
        var bad = life.Recaptcha() with { Json = "{}"u8.ToArray() };
        for (var round = 0; round < 30; round++)
        {
            var creating = life.Engine.CreateAsync(life.Recaptcha(), None).AsTask();
            await Assert.ThrowsAsync<RefusedException>(() => life.Engine.CreateAsync(bad, None).AsTask());
            await slow.PassAsync(1);
            await creating;
        }

        var all = Enumerable.Range(0, 16).Select(_ => life.Engine.CreateAsync(life.Recaptcha(), None).AsTask()).ToList();

        Assert.True(life.Engine.RefusesTasks());
        await slow.PassAsync(all.Count);
        await Task.WhenAll(all);
    }

    public void Dispose() => _folder.Dispose();

    private static Task SubmittedAsync(EngineLife life, Guid id) =>
        Eventually.TrueAsync(async () => (await life.Store.ListAttemptsAsync(id, None)) is [{ State: AttemptState.Submitted }]);

    private async Task<TaskView> EndAsync(EngineLife life, Guid id)
    {
        TaskView? end = null;
        await Eventually.TrueAsync(async () =>
        {
            _clock.Advance(PollInterval);
            return (end = await ViewAsync(life, id)).Ended;
        });
        return end!;
    }

    private static Task<TaskView> ViewAsync(EngineLife life, Guid id) =>
        life.Engine.Views.GetAsync(life.Key, TaskReference.Parse(id.ToString()), None).AsTask();

    /// <summary>The answers of a name come late, by a clock that is moved by hand.</summary>
    private sealed class SlowAnswers(string slow, ManualTimeProvider clock) : IFaults
    {
        private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(900);

        private readonly Lock _lock = new();
        private int _waiting;

        public Fault Next(string call) => Fault.None;

        /// <summary>Lets time pass once so many wait.</summary>
        public async Task PassAsync(int count)
        {
            await Eventually.TrueAsync(() =>
            {
                lock (_lock)
                    return _waiting == count;
            });
            lock (_lock)
                _waiting = 0;
            clock.Advance(Late);
        }

        public Task HoldAnswerAsync(string call)
        {
            if (call != slow)
                return Task.CompletedTask;
            lock (_lock)
            {
                _waiting++;
                return Task.Delay(Late, clock);
            }
        }
    }
}
