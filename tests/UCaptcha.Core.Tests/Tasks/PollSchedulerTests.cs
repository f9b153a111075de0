using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit;

namespace UCaptcha.Core.Tests.Tasks;

public sealed class PollSchedulerTests
{
    [Fact]
    public async Task WaitUntilAsync_FurtherAwayThanATimerCanBe_WaitsAndHoldsNobodyUp()
    {
        using var polls = new PollScheduler(TimeProvider.System);

        var late = polls.WaitUntilAsync(DateTimeOffset.UtcNow + TimeSpan.FromDays(100));

        Assert.False(late.IsCompleted);
        Assert.True(await polls.WaitUntilAsync(DateTimeOffset.UtcNow).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(late.IsCompleted);
    }

    [Fact]
    public void WaitUntilAsync_LongerThanTheTimerIsSetFor_IsWokenAtTheMoment()
    {
        var clock = new ManualTimeProvider();
        using var polls = new PollScheduler(clock);
        var turn = polls.WaitUntilAsync(clock.GetUtcNow() + TimeSpan.FromMinutes(150));

        clock.Advance(TimeSpan.FromMinutes(150) - TimeSpan.FromTicks(1));
        Assert.False(turn.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(turn.IsCompleted);
    }
}
