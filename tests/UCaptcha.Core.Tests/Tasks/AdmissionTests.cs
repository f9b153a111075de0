using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit;

namespace UCaptcha.Core.Tests.Tasks;

public sealed class AdmissionTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void TryEnter_BeyondTheLimit_IsRefusedUntilOneLeaves()
    {
        var admission = new Admission(Longest, _clock);
        var entered = _clock.GetTimestamp();
        for (var i = 0; i < admission.Limit; i++)
            Assert.True(admission.TryEnter());
        Assert.True(admission.Refuses());
        Assert.False(admission.TryEnter());
        admission.Leave(entered);
        Assert.True(admission.TryEnter());
    }

    [Fact]
    public void Leave_EvenTheQuickestTooLate_ShrinksDownToTheLeast()
    {
        var admission = new Admission(Longest, _clock);
        for (var i = 0; i < 100; i++)
            Accept(admission, TimeSpan.FromMilliseconds(400));
        Assert.Equal(Admission.Least, admission.Limit);
    }

    [Fact]
    public void Leave_OthersAreRefusedAtOnceForWhatTheyAre_ShrinksAllTheSame()
    {
        var admission = new Admission(Longest, _clock);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(admission.TryEnter());
            admission.Leave();
            Accept(admission, TimeSpan.FromMilliseconds(400));
        }

        Assert.Equal(Admission.Least, admission.Limit);
    }

    [Fact]
    public void Leave_SomeTooLateAndOneQuick_LeavesTheLimit()
    {
        var admission = new Admission(Longest, _clock);
        var before = admission.Limit;
        admission.TryEnter();
        admission.TryEnter();
        var first = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(390));
        var second = _clock.GetTimestamp();
        admission.Leave(second);
        admission.Leave(first);
        Assert.Equal(before, admission.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Leave_QuickWhileOthersAreRefusedOrTurnedAwayBeforeTheyAsk_Grows(bool turnedAway)
    {
        var admission = new Admission(Longest, _clock);
        for (var i = 0; i < 100; i++)
            Accept(admission, TimeSpan.FromMilliseconds(400));
        for (var i = 0; i < 100; i++)
        {
            var entered = _clock.GetTimestamp();
            var inside = 0;
            while (!(turnedAway && admission.Refuses()) && admission.TryEnter())
                inside++;
            _clock.Advance(TimeSpan.FromMilliseconds(120));
            for (; inside > 0; inside--)
                admission.Leave(entered);
        }

        Assert.Equal(Admission.Most, admission.Limit);
    }

    [Fact]
    public void TryEnter_SwitchedOff_LetsEveryoneIn()
    {
        var admission = new Admission(TimeSpan.Zero, _clock);
        for (var i = 0; i < 2 * Admission.Most; i++)
            Assert.True(admission.TryEnter());
    }

    private void Accept(Admission admission, TimeSpan time)
    {
        Assert.True(admission.TryEnter());
        var entered = _clock.GetTimestamp();
        _clock.Advance(time);
        admission.Leave(entered);
    }
}
