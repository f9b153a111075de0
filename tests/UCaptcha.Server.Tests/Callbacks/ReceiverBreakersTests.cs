using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Server.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Callbacks;

public sealed class ReceiverBreakersTests
{
    private static readonly CallbackLane Lane = new(1, "dead.example:443");

    private readonly ManualTimeProvider _time = new();
    private readonly ReceiverBreakers _breakers;

    public ReceiverBreakersTests() => _breakers = new ReceiverBreakers(_time, NullLogger<ReceiverBreakers>.Instance);

    [Fact]
    public void End_SilentFourTimes_RestsForLongerAndLonger()
    {
        Fail(ReceiverBreakers.SilentTries - 1);
        Assert.True(IsOpen());
        Fail(1);

        foreach (var (rest, next) in ReceiverBreakers.Rests.Zip([.. ReceiverBreakers.Rests.Skip(1), ReceiverBreakers.Rests[^1]]))
        {
            Assert.Equal(_time.GetUtcNow() + rest, _breakers.RestingUntil(Lane));
            _time.Advance(rest - TimeSpan.FromMilliseconds(1));
            Assert.False(IsOpen());
            _time.Advance(TimeSpan.FromMilliseconds(1));

            // One goes to see, and the others wait until it is back, but no longer than it will itself when it was in vain: then one of them is next.
            var probe = To();
            Assert.True(_breakers.TryBegin(probe));
            Assert.False(_breakers.TryBegin(To()));
            Assert.InRange(_breakers.RestingUntil(Lane), _time.GetUtcNow().AddTicks(1), _time.GetUtcNow() + next);
            _breakers.End(probe, answered: false);
        }
    }

    [Fact]
    public void End_TryFromBeforeTheRest_DoesNotLengthenIt()
    {
        var early = To();
        Assert.True(_breakers.TryBegin(early));
        Fail(ReceiverBreakers.SilentTries);
        _breakers.End(early, answered: false);

        _time.Advance(ReceiverBreakers.Rests[0]);
        Assert.True(_breakers.TryBegin(To()));
    }

    [Fact]
    public void RestingSince_OneThatRests_CountsFromItsFirstRest()
    {
        Fail(ReceiverBreakers.SilentTries);
        var first = _time.GetUtcNow();
        _time.Advance(ReceiverBreakers.Rests[0]);
        Fail(1);

        Assert.Empty(_breakers.RestingSince(first));
        Assert.Equal([Lane], _breakers.RestingSince(first.AddTicks(1)));
    }

    [Fact]
    public void End_AnsweredOnce_IsOpenAtOnce()
    {
        Fail(ReceiverBreakers.SilentTries);
        _breakers.End(To(), answered: true);

        Assert.Equal(0, _breakers.Resting);
        Fail(ReceiverBreakers.SilentTries - 1);
        Assert.True(IsOpen());
    }

    [Fact]
    public void End_AnswersBetween_NeverRests()
    {
        for (var i = 0; i < 20; i++)
        {
            Fail(ReceiverBreakers.SilentTries - 1);
            _breakers.End(To(), answered: true);
        }

        Assert.Equal(0, _breakers.Resting);
    }

    [Fact]
    public void End_NeverAsked_CountsForNothing()
    {
        for (var i = 0; i < 20; i++)
            _breakers.End(To(), answered: null);

        Assert.Equal(0, _breakers.Resting);
    }

    [Fact]
    public void End_MoreReceiversThanAreWatched_StaysBounded()
    {
        for (var receiver = 0; receiver < 2 * ReceiverBreakers.MostWatched; receiver++)
            Fail(ReceiverBreakers.SilentTries, $"dead{receiver}.example:443");

        Assert.Equal(ReceiverBreakers.MostWatched, _breakers.Resting);
        _time.Advance(ReceiverBreakers.Rests[0]);
        Fail(ReceiverBreakers.SilentTries, "new.example:443");
        Assert.Equal(1, _breakers.Resting);
    }

    [Fact]
    public void Forget_Resting_IsOpen()
    {
        Fail(ReceiverBreakers.SilentTries);
        _breakers.Forget(To());

        Assert.True(IsOpen());
    }

    private bool IsOpen()
    {
        var callback = To();
        if (!_breakers.TryBegin(callback))
            return false;
        _breakers.End(callback, answered: null);
        return true;
    }

    private void Fail(int times, string receiver = "dead.example:443")
    {
        for (var i = 0; i < times; i++)
        {
            var callback = To(receiver);
            _breakers.TryBegin(callback);
            _breakers.End(callback, answered: false);
        }
    }

    private StoredCallback To(string receiver = "dead.example:443") => new()
    {
        Id = Guid.CreateVersion7(_time.GetUtcNow()),
        TaskId = Guid.CreateVersion7(_time.GetUtcNow()),
        ShortId = 1,
        KeyId = 1,
        Url = $"https://{receiver}/",
        Receiver = receiver,
        Dialect = "ucaptcha",
        TaskState = TaskState.Ready,
        EndedAt = _time.GetUtcNow(),
    };
}
