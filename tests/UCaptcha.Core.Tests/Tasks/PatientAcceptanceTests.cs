using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.TestKit;

namespace UCaptcha.Core.Tests.Tasks;

public sealed class PatientAcceptanceTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly AcceptOutcome Accepted = new(AcceptResult.Accepted);
    private static readonly StoredTask Asked = new()
    {
        Id = Guid.NewGuid(),
        ShortId = 1,
        KeyId = 1,
        Family = "Turnstile",
        Request = default,
        SpeedWeight = 50,
        Dialect = "ucaptcha",
        CreatedAt = default,
        Deadline = default,
        Reserved = Usd.Zero,
    };

    private readonly ManualTimeProvider _clock = new();
    private readonly StoreSilence _silence;
    private readonly TaskCompletionSource<AcceptOutcome> _store = new();

    public PatientAcceptanceTests() => _silence = new StoreSilence(TimeSpan.FromMilliseconds(250), _clock);

    [Fact]
    public async Task AcceptAsync_Answered_PassesItOnAndLeavesNoTimer()
    {
        var accepting = Begin(canTakeBack: false);
        _store.SetResult(Accepted);
        Assert.Equal(Accepted, await accepting);
        Assert.Equal(0, _clock.DueIn(PatientAcceptance.ToBegin) + _clock.DueIn(PatientAcceptance.ToCommit));
    }

    [Fact]
    public async Task AcceptAsync_NotBegunInTime_IsTakenBackAndNotStored()
    {
        var accepting = Begin(canTakeBack: true);
        _clock.Advance(PatientAcceptance.ToBegin);
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => accepting);
        Assert.False(failure.MayHaveWritten);
        Assert.True(_store.Task.IsCanceled);
    }

    [Fact]
    public async Task AcceptAsync_BegunAndNotCommittedInTime_MayBeStoredAndTheStoreIsStillSilent()
    {
        var accepting = Begin(canTakeBack: false);
        _clock.Advance(PatientAcceptance.ToBegin);
        Assert.False(accepting.IsCompleted);
        _clock.Advance(PatientAcceptance.ToCommit - PatientAcceptance.ToBegin);
        var failure = await Assert.ThrowsAsync<StillAcceptingException>(() => accepting);
        Assert.True(failure.MayHaveWritten);
        Assert.True(_silence.IsTooLong);

        _store.SetResult(Accepted);
        Assert.Equal(Accepted, await failure.Answer);
        Assert.False(_silence.IsTooLong);
    }

    [Fact]
    public async Task AcceptAsync_CallerGoesAway_IsTakenBackWithoutAWordOnTheStore()
    {
        using var caller = new CancellationTokenSource();
        var accepting = Begin(canTakeBack: true, caller.Token);
        _clock.Advance(TimeSpan.FromSeconds(3));
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);

        // A failure after so long would let in one at a time.
        _silence.Ask();
        Assert.False(_silence.IsTooLong);
    }

    [Fact]
    public async Task AcceptAsync_StoreFails_PassesItOn()
    {
        var accepting = Begin(canTakeBack: false);
        _store.SetException(new StoreUnavailableException("away"));
        Assert.Equal("away", (await Assert.ThrowsAsync<StoreUnavailableException>(() => accepting)).Message);
    }

    private Task<AcceptOutcome> Begin(bool canTakeBack, CancellationToken caller = default) => new PatientAcceptance(
        (_, token) =>
        {
            if (canTakeBack)
                token.Register(() => _store.TrySetCanceled(token));
            return new ValueTask<AcceptOutcome>(_store.Task);
        },
        _silence,
        _clock).AcceptAsync(Asked, caller).AsTask().WaitAsync(Bound);
}
