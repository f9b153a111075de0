using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit;

namespace UCaptcha.Core.Tests.Tasks;

public sealed class StoreSilenceTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private readonly ManualTimeProvider _clock = new();
    private readonly StoreSilence _silence;

    public StoreSilenceTests() => _silence = new StoreSilence(Longest, _clock);

    [Fact]
    public void IsTooLong_NobodyWaits_IsNot()
    {
        Wait(3600_000);
        _silence.Ask();
        Assert.False(_silence.IsTooLong);
    }

    [Theory]
    [InlineData(1, 2000)]
    [InlineData(StoreSilence.Queue, 1000)]
    public void IsTooLong_NoneOfThoseWaitingAnswered_IsAfterATime(int waiting, int milliseconds)
    {
        for (var i = 0; i < waiting; i++)
            _silence.Ask();
        Wait(milliseconds);
        Assert.False(_silence.IsTooLong);
        Wait(1);
        Assert.True(_silence.IsTooLong);
    }

    [Fact]
    public void IsTooLong_SomeAnswered_IsNotThoughOneWaitsForLong()
    {
        _silence.Ask();
        for (var i = 0; i < 100; i++)
        {
            _silence.Ask();
            Wait(200);
            _silence.Answered();
            Assert.False(_silence.IsTooLong);
        }
    }

    [Fact]
    public void IsTooLong_OthersGoAway_StaysSo()
    {
        _silence.Ask();
        for (var i = 0; i < 20; i++)
        {
            _silence.Ask();
            Wait(200);
            _silence.Withdrawn();
        }

        Assert.True(_silence.IsTooLong);
    }

    [Fact]
    public void IsTooLong_Answered_IsNotAnyMore()
    {
        _silence.Ask();
        _silence.Ask();
        Wait(5000);
        _silence.Answered();
        Assert.False(_silence.IsTooLong);
    }

    [Fact]
    public void Failed_AfterLong_LetsOneGoAndSee()
    {
        var asked = _silence.Ask();
        Wait(5000);
        _silence.Failed(asked);
        Assert.False(_silence.IsTooLong);

        _silence.Ask();
        Assert.True(_silence.IsTooLong);
        Wait(10);
        _silence.Answered();
        _silence.Ask();
        Assert.False(_silence.IsTooLong);
    }

    [Fact]
    public void Failed_AtOnce_IsNoSilence()
    {
        for (var i = 0; i < 100; i++)
        {
            var asked = _silence.Ask();
            Wait(20);
            _silence.Ask();
            Assert.False(_silence.IsTooLong);
            _silence.Failed(asked);
        }
    }

    [Fact]
    public void IsTooLong_SwitchedOff_NeverIs()
    {
        var silence = new StoreSilence(TimeSpan.Zero, _clock);
        silence.Ask();
        Wait(3600_000);
        Assert.False(silence.IsTooLong);
    }

    private void Wait(int milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
