using UCaptcha.Core.Billing;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Tasks;
using UCaptcha.TestKit;

namespace UCaptcha.Core.Tests.Routing;

public sealed class AccountGateTests
{
    [Fact]
    public async Task Queue_TheRestEndsBetweenTwoLooksAtTheClock_IsLetInSoon()
    {
        var clock = new ManualTimeProvider();
        var breaker = new AccountBreaker(clock);
        breaker.RecordError(new ProviderError(ErrorClass.Account, "ERROR_ZERO_BALANCE", "Nothing is left."), pass: null);
        clock.Advance(breaker.OpenUntil!.Value - clock.GetUtcNow() - TimeSpan.FromTicks(1));
        var moving = new MovingClock(clock);
        var late = new AccountBreaker(moving);
        late.Hear(breaker.Tell("a"));
        using var gate = new AccountGate(new Unused(), late, moving);
        moving.Moves = true;
        var ticket = new GateTicket(DateTimeOffset.MaxValue);

        gate.Queue(ticket);
        moving.Moves = false;

        Assert.Null(late.OpenUntil);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(gate, (await ticket.Claimed.WaitAsync(TimeSpan.FromSeconds(30)))?.Gate);
    }

    [Fact]
    public void Queue_TheRestIsLongerThanATimerCanBe_Waits()
    {
        var breaker = new AccountBreaker(TimeProvider.System);
        using var gate = new AccountGate(new Unused(), breaker, TimeProvider.System);
        breaker.Hear(new BreakerNews("a", 1, Open: true, TimeSpan.FromDays(100), 1, "HTTP_429"));
        var ticket = new GateTicket(DateTimeOffset.MaxValue);

        gate.Queue(ticket);

        Assert.False(ticket.IsClaimed);
        breaker.Reset();
        gate.LetIn();
        Assert.True(ticket.IsClaimed);
    }

    [Fact]
    public async Task Replace_TaskWaitsAndTheAccountHasRoomNow_ChoosesAnew()
    {
        using var pool = new AccountPool([new Unused()], new ManualTimeProvider());
        var gate = pool.Find("a")!;
        Assert.NotNull(gate.TryEnter());
        var waiting = pool.WaitAsync([gate], DateTimeOffset.MaxValue);

        pool.Replace([new Unused { MaxConcurrent = 2 }], []);

        Assert.Null(await waiting);
        Assert.NotNull(gate.TryEnter());
    }

    /// <summary>Goes on by the smallest step whenever somebody looks.</summary>
    private sealed class MovingClock(ManualTimeProvider clock) : TimeProvider
    {
        public bool Moves { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var now = clock.GetUtcNow();
            if (Moves)
                clock.Advance(TimeSpan.FromTicks(1));
            return now;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class Unused : IProviderAccount
    {
        public string Slug => "a";

        public string Kind => "capmonster";

        public PollPlan PollPlan { get; } = new(TimeSpan.Zero, TimeSpan.FromSeconds(1), 1);

        public int MaxConcurrent { get; init; } = 1;

        public bool Serves(TaskRequest request) => true;

        public Usd? ListPrice(CaptchaFamily family) => null;

        public Task<SubmitOutcome> SubmitAsync(TaskRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PollOutcome> PollAsync(TaskRequest request, string upstreamId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<BalanceOutcome> GetBalanceAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReportAsync(TaskRequest request, string upstreamId, bool invalid, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
