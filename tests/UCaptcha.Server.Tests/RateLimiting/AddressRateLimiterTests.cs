using System.Net;
using UCaptcha.Server.RateLimiting;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.RateLimiting;

public sealed class AddressRateLimiterTests
{
    private static readonly IPAddress Caller = IPAddress.Parse("198.51.100.7");

    // At a whole multiple of 10 s.
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Take_WithinLimit_CountsDown()
    {
        var limiter = new AddressRateLimiter(_time, 3);

        Assert.Equal([2, 1, 0], Enumerable.Range(0, 3).Select(_ => limiter.Take(Caller)).Where(decision => decision.Allowed).Select(decision => decision.Remaining));
    }

    [Fact]
    public void Take_OthersHeardOf_CountsTheirsOnceEach()
    {
        var limiter = new AddressRateLimiter(_time, 10);
        var who = AddressKey.Of(Caller);
        limiter.WindowNow().Hear(node: 1, who, 2);
        limiter.WindowNow().Hear(node: 1, who, 4);
        limiter.WindowNow().Hear(node: 1, who, 3);
        limiter.WindowNow().Hear(node: 2, who, 3);

        Assert.Equal([2, 1, 0], Enumerable.Range(0, 4).Select(_ => limiter.Take(Caller)).Where(decision => decision.Allowed).Select(decision => decision.Remaining));
        Assert.Equal([(who, 4L)], limiter.WindowNow().Tell(least: 1, most: 10));
        Assert.Empty(limiter.WindowNow().Tell(least: 1, most: 10));
    }

    [Fact]
    public void Take_BeyondLimit_RefusesUntilTheWindowEnds()
    {
        var limiter = new AddressRateLimiter(_time, 1);
        _time.Advance(TimeSpan.FromSeconds(2.5));
        limiter.Take(Caller);

        Assert.Equal(new RateDecision(false, 1, 0, 1_800_000_010, 8), limiter.Take(Caller));
        _time.Advance(TimeSpan.FromSeconds(7.4));
        Assert.False(limiter.Take(Caller).Allowed);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new RateDecision(true, 1, 0, 1_800_000_020, 10), limiter.Take(Caller));
    }

    [Fact]
    public void Take_AnotherAddress_HasItsOwnCount()
    {
        var limiter = new AddressRateLimiter(_time, 1);
        limiter.Take(Caller);

        Assert.True(limiter.Take(IPAddress.Parse("198.51.100.8")).Allowed);
    }

    [Theory]
    [InlineData("198.51.100.7", "::ffff:198.51.100.7")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::1%3", "fe80::2")]
    public void Take_SameCaller_SharesTheCount(string first, string second)
    {
        var limiter = new AddressRateLimiter(_time, 1);
        limiter.Take(IPAddress.Parse(first));

        Assert.False(limiter.Take(IPAddress.Parse(second)).Allowed);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1")]
    [InlineData("::1", "0.0.0.0")]
    [InlineData("0:0:0:ffff::1", "0.0.0.0")]
    public void Take_DifferentCallers_CountApart(string first, string second)
    {
        var limiter = new AddressRateLimiter(_time, 1);
        limiter.Take(IPAddress.Parse(first));

        Assert.True(limiter.Take(IPAddress.Parse(second)).Allowed);
    }

    [Fact]
    public void Take_TooManyAddresses_NewcomersShareOneCount()
    {
        var limiter = new AddressRateLimiter(_time, 2, maxAddresses: 3);
        for (var i = 1; i <= 3; i++)
            limiter.Take(Address(i));

        Assert.True(limiter.Take(Address(4)).Allowed);
        Assert.True(limiter.Take(Address(5)).Allowed);
        Assert.False(limiter.Take(Address(6)).Allowed);
        Assert.True(limiter.Take(Address(1)).Allowed);
        Assert.Equal(3, limiter.Window.Addresses);
    }

    [Fact]
    public void Take_NewWindow_ForgetsAllAddresses()
    {
        var limiter = new AddressRateLimiter(_time, 2, maxAddresses: 3);
        for (var i = 1; i <= 9; i++)
            limiter.Take(Address(i));
        _time.Advance(TimeSpan.FromSeconds(10));

        limiter.Take(Address(9));

        Assert.Equal(1, limiter.Window.Addresses);
    }

    [Fact]
    public void Take_ClockSetBack_StartsAWindowThere()
    {
        var limiter = new AddressRateLimiter(_time, 1);
        limiter.Take(Caller);
        _time.Advance(TimeSpan.FromSeconds(-60));

        Assert.Equal(1_799_999_950, limiter.Take(Caller).ResetUnixSeconds);
    }

    [Fact]
    public void Take_LimitOff_AllowsEverything()
    {
        var limiter = new AddressRateLimiter(_time, 0);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(limiter.Take(Caller).Allowed));
    }

    [Fact]
    public void Take_ManyThreads_AllowsExactlyTheLimit()
    {
        var limiter = new AddressRateLimiter(_time, 1000);
        var allowed = 0;

        Parallel.For(0, 4000, _ => Interlocked.Add(ref allowed, limiter.Take(Caller).Allowed ? 1 : 0));

        Assert.Equal(1000, allowed);
    }

    [Fact]
    public void Take_KnownAddress_AllocatesNothing()
    {
        var limiter = new AddressRateLimiter(_time, 1000);
        var address = IPAddress.Parse("2001:db8::1");
        limiter.Take(address);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 900; i++)
            limiter.Take(address);

        // The smallest object has 24 bytes; what the runtime itself allocates once stays under one for each call.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
    }

    private static IPAddress Address(int number) => new([10, 0, 0, (byte)number]);
}
