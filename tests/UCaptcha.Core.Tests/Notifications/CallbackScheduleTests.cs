using UCaptcha.Core.Notifications;

namespace UCaptcha.Core.Tests.Notifications;

public sealed class CallbackScheduleTests
{
    [Fact]
    public void Waits_All_AreDenseWhileTheTokenLivesAndEndWithinADay()
    {
        var offsets = new List<TimeSpan> { TimeSpan.Zero };
        for (var step = 0; CallbackSchedule.WaitAfter(step, retryAfter: null, draw: 0) is { } wait; step++)
            offsets.Add(offsets[^1] + wait);

        Assert.Equal([0, 2, 7, 17, 37, 77, 117], offsets.TakeWhile(offset => offset < CallbackSchedule.TokenLife).Select(offset => offset.TotalSeconds));
        Assert.InRange(offsets[^1] * (1 + CallbackSchedule.MaxJitter), TimeSpan.FromHours(20), TimeSpan.FromHours(24));
    }

    [Fact]
    public void WaitAfter_Draw_LengthensByATenthAtMost() =>
        Assert.Equal(TimeSpan.FromSeconds(2.1), CallbackSchedule.WaitAfter(0, retryAfter: null, draw: 0.5));

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 60, 60)]
    [InlineData(0, 1_000_000, 25_200)]
    [InlineData(6, 60, 300)]
    public void WaitAfter_RetryAfter_CanOnlyLengthenIt(int step, int asked, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), CallbackSchedule.WaitAfter(step, TimeSpan.FromSeconds(asked), draw: 0));

    [Fact]
    public void WaitAfter_LastStep_IsNever() =>
        Assert.Null(CallbackSchedule.WaitAfter(CallbackSchedule.Waits.Count, TimeSpan.FromSeconds(1), draw: 0));
}
