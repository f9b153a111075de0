using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.TestKit;

namespace UCaptcha.Core.Tests.Routing;

public sealed class AccountBreakerTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly AccountBreaker _breaker;

    public AccountBreakerTests() => _breaker = new AccountBreaker(_clock);

    [Theory]
    [InlineData("ERROR_KEY_DOES_NOT_EXIST", 600)]
    [InlineData("ERROR_ZERO_BALANCE", 60)]
    [InlineData("ERROR_IP_BLOCKED", 1800)]
    [InlineData("ERROR_KEY_TEMP_BLOCKED", 300)]
    public void RecordError_OfTheAccount_OpensAtOnceForTheVendorsTime(string code, int seconds)
    {
        _breaker.RecordError(Error(ErrorClass.Account, code), pass: null);
        Assert.Null(_breaker.TryEnter());
        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Null(_breaker.TryEnter());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_breaker.TryEnter());
    }

    [Fact]
    public void Hear_OpenedElsewhere_OpensForWhatIsLeftAndTellsNothingOfItsOwn()
    {
        var other = new AccountBreaker(_clock);
        Open();
        _clock.Advance(TimeSpan.FromSeconds(2));

        other.Hear(_breaker.Tell("a"));

        Assert.Equal(_breaker.OpenUntil, other.OpenUntil);
        Assert.Equal(_breaker.Snapshot(), other.Snapshot());
        Assert.Equal(0, other.Tell("a").Revision);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Close_WhileItRests_ForgetsTheRest(bool elsewhere)
    {
        _breaker.RecordError(Error(ErrorClass.Account, "ERROR_IP_BLOCKED"), pass: null);
        if (elsewhere)
            _breaker.Hear(new BreakerNews("a", 2, Open: false, TimeSpan.Zero, 0, ""));
        else
            _breaker.Reset();

        Assert.Null(_breaker.OpenUntil);
        _breaker.RecordError(Error(ErrorClass.Account, "ERROR_ZERO_BALANCE"), pass: null);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMinutes(1), _breaker.OpenUntil);
    }

    [Fact]
    public void Hear_ClosedElsewhere_ClosesAndRemembersNothing()
    {
        var other = new AccountBreaker(_clock);
        Open();
        other.Hear(_breaker.Tell("a"));
        var opened = _breaker.Tell("a").Revision;
        _breaker.Reset();

        other.Hear(_breaker.Tell("a"));

        Assert.True(_breaker.Tell("a").Revision > opened);
        Assert.Equal(BreakerState.Closed, other.Snapshot().State);
        Assert.NotNull(other.TryEnter());
        Assert.NotNull(other.TryEnter());
    }

    [Fact]
    public void Tell_SuccessesOnAClosedBreaker_IsNoNews()
    {
        _breaker.RecordSuccess(_breaker.TryEnter());
        Assert.Equal(new BreakerNews("a", 0, Open: false, TimeSpan.Zero, 0, ""), _breaker.Tell("a"));
    }

    [Fact]
    public void TryEnter_AfterAnOpening_LetsOneProbeIn()
    {
        Open();
        var probe = _breaker.TryEnter();
        Assert.NotNull(probe);
        Assert.Null(_breaker.TryEnter());
        Assert.Equal(BreakerState.HalfOpen, _breaker.Snapshot().State);
        _breaker.RecordSuccess(probe);
        Assert.NotNull(_breaker.TryEnter());
        Assert.NotNull(_breaker.TryEnter());
        Assert.Equal(BreakerState.Closed, _breaker.Snapshot().State);
    }

    [Fact]
    public void RecordError_OfTheProbe_OpensForTwiceAsLong()
    {
        Open();
        _breaker.RecordError(Error(ErrorClass.Account, "ERROR_ZERO_BALANCE"), _breaker.TryEnter());
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(120), _breaker.OpenUntil);
    }

    [Fact]
    public void RecordNeutral_OfTheProbe_LetsAnotherIn()
    {
        Open();
        _breaker.RecordNeutral(_breaker.TryEnter());
        Assert.NotNull(_breaker.TryEnter());
    }

    [Fact]
    public void Record_OfTasksFromBeforeTheOpening_NeitherClosesNorLetsASecondProbeIn()
    {
        var (solved, failed, broken) = (_breaker.TryEnter(), _breaker.TryEnter(), _breaker.TryEnter());
        Open();
        var revision = _breaker.Tell("a").Revision;
        Assert.NotNull(_breaker.TryEnter());

        _breaker.RecordSuccess(solved);
        _breaker.RecordSuccess(pass: null);
        _breaker.RecordError(Error(ErrorClass.Retryable), failed);
        _breaker.RecordError(Error(ErrorClass.Transport), failed);
        _breaker.RecordNeutral(broken);

        Assert.Equal(BreakerState.HalfOpen, _breaker.Snapshot().State);
        Assert.Equal(revision, _breaker.Tell("a").Revision);
        Assert.Null(_breaker.TryEnter());
    }

    [Fact]
    public void RecordSuccess_OfATaskFromBeforeAnOpeningElsewhere_ClosesNothing()
    {
        var pass = _breaker.TryEnter();
        _breaker.Hear(new BreakerNews("a", 1, Open: true, TimeSpan.FromMinutes(1), 1, "ERROR_ZERO_BALANCE"));

        _breaker.RecordSuccess(pass);

        Assert.Equal(BreakerState.Open, _breaker.Snapshot().State);
    }

    [Fact]
    public void RecordError_OfTasksFromBeforeTheOpening_ProlongsTheRestAndDoublesNothing()
    {
        var passes = Enumerable.Range(0, 10).Select(_ => _breaker.TryEnter()).ToList();
        _breaker.RecordError(Error(ErrorClass.Account, "ERROR_ZERO_BALANCE"), passes[0]);
        _clock.Advance(TimeSpan.FromSeconds(1));

        foreach (var pass in passes.Skip(1))
            _breaker.RecordError(Error(ErrorClass.Account, "ERROR_ZERO_BALANCE"), pass);

        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(60), _breaker.OpenUntil);
        Assert.Equal(1, _breaker.Tell("a").Openings);
    }

    [Fact]
    public void RecordSuccess_OfTheProbeWhileOldTasksMeetTheFault_Closes()
    {
        var old = _breaker.TryEnter();
        Open();
        var probe = _breaker.TryEnter();
        _breaker.RecordError(Error(ErrorClass.Account, "ERROR_ZERO_BALANCE"), old);

        _breaker.RecordSuccess(probe);

        Assert.Equal(BreakerState.Closed, _breaker.Snapshot().State);
    }

    [Fact]
    public void RecordError_OfTheConnection_OpensAfterThreeInARow()
    {
        _breaker.RecordError(Error(ErrorClass.Transport), pass: null);
        _breaker.RecordError(Error(ErrorClass.Transport), pass: null);
        _breaker.RecordSuccess(_breaker.TryEnter());
        _breaker.RecordError(Error(ErrorClass.Transport), pass: null);
        _breaker.RecordError(Error(ErrorClass.Transport), pass: null);
        Assert.Null(_breaker.OpenUntil);
        _breaker.RecordError(Error(ErrorClass.Transport), pass: null);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(5), _breaker.OpenUntil);
    }

    [Theory]
    [InlineData(ErrorClass.User)]
    [InlineData(ErrorClass.Retryable)]
    [InlineData(ErrorClass.Unsupported)]
    [InlineData(ErrorClass.Proxy)]
    [InlineData(ErrorClass.Lost)]
    public void RecordError_NotOfTheAccount_NeverOpens(ErrorClass errorClass)
    {
        for (var i = 0; i < 100; i++)
            _breaker.RecordError(Error(errorClass), pass: null);
        Assert.NotNull(_breaker.TryEnter());
    }

    [Fact]
    public void RecordError_WithRetryAfter_RestsThatLong()
    {
        _breaker.RecordError(new ProviderError(ErrorClass.Busy, "HTTP_429", "", TimeSpan.FromSeconds(42)), pass: null);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(42), _breaker.OpenUntil);
    }

    private void Open()
    {
        _breaker.RecordError(Error(ErrorClass.Account, "ERROR_ZERO_BALANCE"), pass: null);
        _clock.Advance(TimeSpan.FromSeconds(60));
    }

    private static ProviderError Error(ErrorClass errorClass, string code = "X") => new(errorClass, code, "");
}
