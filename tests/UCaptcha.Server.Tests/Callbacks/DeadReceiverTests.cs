using UCaptcha.Core.Storage;
using UCaptcha.Server.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Callbacks;

/// <summary>A receiver that does not answer is tried seldom, its callbacks wait with it and within bounds, and nobody else waits.</summary>
public sealed class DeadReceiverTests
{
    [Fact]
    public async Task Send_TwoHundredToADeadReceiver_HoldUpNobodyAndArriveWhenItIsBack()
    {
        var alive = false;
        await using var dead = new Receiver(_ => alive ? Receiver.Status("200 OK") : null);
        await using var live = new Receiver(_ => Receiver.Status("200 OK"));
        await using var fixture = await SenderFixture.StartAsync();
        for (var i = 0; i < 200; i++)
            await fixture.EndAsync(dead.Url);
        await Eventually.TrueAsync(() => dead.Requests.Count > SendingRoom.MostPerReceiver / 2, "the first tries");

        await fixture.EndAsync(live.Url);
        await Eventually.TrueAsync(() => live.Requests.Count == 1, "the delivery to the live one");
        await fixture.PassAsync(TimeSpan.FromSeconds(10), () => fixture.Breakers.Resting == 1);
        for (var minute = 0; minute < 10; minute++)
        {
            var told = (await fixture.EndAsync(live.Url)).Id.ToString();
            await Eventually.TrueAsync(() => live.Requests.Any(request => request.Contains(told, StringComparison.Ordinal)), "the next delivery to the live one");
            fixture.Time.Advance(TimeSpan.FromMinutes(1));
        }

        // After each rest one goes to see.
        Assert.InRange(dead.Requests.Count, ReceiverBreakers.SilentTries, SendingRoom.MostPerReceiver + ReceiverBreakers.Rests.Count + 1);
        Assert.Equal(200, await CountAsync(CallbackState.Pending));

        alive = true;
        for (var round = 0; round < 60 && await fixture.Store.CountPendingCallbacksAsync(default) > 0; round++)
        {
            fixture.Time.Advance(ReceiverBreakers.Rests[^1]);
            await fixture.SettleAsync();
        }

        Assert.Equal(0, await fixture.Store.CountPendingCallbacksAsync(default));
        Assert.Equal(0, fixture.Breakers.Resting);
        Assert.Equal(200, dead.Requests.Distinct().Select(request => request.Split("captcha_id=")[1][..36]).Distinct().Count());
        Assert.Equal(200, await CountAsync(CallbackState.Delivered));

        async Task<int> CountAsync(CallbackState state) => (await fixture.Store.ListCallbacksAsync(new CallbackFilter(State: state, Limit: 500), default))
            .Count(callback => callback.Receiver == $"127.0.0.1:{dead.Port}");
    }

    [Fact]
    public async Task Send_OnePathOfAReceiverIsBroken_TheOthersHaveTheirTurn()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK")) { HangsUp = path => path.StartsWith("/broken", StringComparison.Ordinal) };
        await using var fixture = await SenderFixture.StartAsync();
        // No more than begin the rest: one that was not tried before it would have its turn as well.
        for (var i = 0; i < ReceiverBreakers.SilentTries; i++)
            await fixture.EndAsync(receiver.Url.Replace("/hook", "/broken", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => fixture.Breakers.Resting == 1, "the first rest");

        for (var i = 0; i < 3; i++)
            await fixture.EndAsync(receiver.Url);
        // The first goes to see behind the first rest, and the others follow when it is back.
        var rests = ReceiverBreakers.Rests.Take(2).Sum(rest => rest.TotalSeconds);
        for (var second = 0; second <= rests; second++)
        {
            await fixture.SettleAsync();
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await fixture.SettleAsync();
        Assert.All(
            await fixture.Store.ListCallbacksAsync(new CallbackFilter(), default),
            callback => Assert.Equal(callback.Url == receiver.Url, callback.State == CallbackState.Delivered));
    }

    [Fact]
    public async Task Backlog_TooManyOfAKey_GivesUpTheOldest()
    {
        await using var dead = new Receiver(_ => null);
        await using var fixture = await SenderFixture.StartAsync();
        fixture.Bounds.MaxPendingPerKey = 20;
        for (var i = 0; i < 50; i++)
            await fixture.EndAsync(dead.Url);

        await fixture.PassAsync(TimeSpan.FromSeconds(60), async () => await fixture.Store.CountPendingCallbacksAsync(default) <= 20);

        var newestFirst = await fixture.Store.ListCallbacksAsync(new CallbackFilter(), default);
        Assert.Equal(50, newestFirst.Count);
        Assert.All(newestFirst.Take(20 - SendingRoom.MostPerReceiver), callback => Assert.Equal(CallbackState.Pending, callback.State));
        Assert.All(
            newestFirst.Where(callback => callback.State == CallbackState.GivenUp), callback => Assert.Equal("too many of its key were waiting", callback.LastOutcome));
    }

    [Fact]
    public async Task Backlog_WaitedForADay_IsGivenUp()
    {
        await using var dead = new Receiver(_ => null);
        await using var fixture = await SenderFixture.StartAsync();
        for (var i = 0; i < 30; i++)
            await fixture.EndAsync(dead.Url);
        await Eventually.TrueAsync(() => dead.Requests.Count > SendingRoom.MostPerReceiver / 2, "the first tries");

        await fixture.PassAsync(TimeSpan.FromSeconds(20), () => fixture.Breakers.Resting == 1);
        fixture.Time.Advance(CallbackBacklog.LongestWait + TimeSpan.FromMinutes(1));
        await fixture.PassAsync(TimeSpan.FromSeconds(30), async () => await fixture.Store.CountPendingCallbacksAsync(default) <= SendingRoom.MostPerReceiver);

        Assert.Contains(
            await fixture.Store.ListCallbacksAsync(new CallbackFilter(State: CallbackState.GivenUp), default),
            callback => callback is { Tries: 0, LastOutcome: "waited too long for its receiver" });
    }
}
