using Dapper;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>How long a node is taken for alive, and by whose clock.</summary>
public sealed class LeaseTimeTests : TwoNodes
{
    /// <summary>The database's time comes in whole milliseconds, the nearest.</summary>
    private static readonly TimeSpan ToldIn = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task EndOverdue_NodeRenewsForSeveralLeaseTimes_EndsItOnlyWhenItStops()
    {
        var task = await AddAsync(A);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(2, await A.RenewAsync(None));
            PassForA(seconds: 25);
            Assert.Equal(0, await B.EndOverdueAsync(None));
            Assert.Empty(await B.ClaimAsync(100, None));
        }

        PassForA(seconds: 25);

        Assert.Equal(1, await B.EndOverdueAsync(None));
        Assert.Equal(task.Id, Assert.Single(await B.ClaimAsync(100, None)).Task.Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Renew_ClockSetWrong_TellsHowFarItIsFromTheDatabases(int hours)
    {
        var clock = new WrongClock(TimeSpan.FromHours(hours));
        await using var node = await Host.OpenPostgresAsync(time: clock);
        Assert.Equal(TimeSpan.Zero, node.ClockOffset);
        Assert.NotEqual(0, await node.RenewAsync(None));
        Assert.InRange(node.ClockOffset * hours, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1) + ToldIn);

        clock.Shift = TimeSpan.Zero;
        Assert.NotEqual(0, await node.RenewAsync(None));
        Assert.InRange(node.ClockOffset, -ToldIn, ToldIn);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task EndOverdue_ClockSetWrong_LeasesGoByTheDatabases(int hours)
    {
        await using var node = await Host.OpenPostgresAsync(time: new WrongClock(TimeSpan.FromHours(hours)));
        AssertEveryLeaseIsOfAMinuteAtMost();
        Assert.NotEqual(0, await node.RenewAsync(None));
        AssertEveryLeaseIsOfAMinuteAtMost();
        Assert.Equal(0, await A.EndOverdueAsync(None));
        Assert.Equal(0, await node.EndOverdueAsync(None));
        Assert.Equal(3, (await node.ListNodesAsync(None)).Count);

        PassForA(seconds: 60);

        Assert.Equal(1, await node.EndOverdueAsync(None));
    }

    private void AssertEveryLeaseIsOfAMinuteAtMost()
    {
        using var connection = Host.Connect();
        Assert.True(connection.ExecuteScalar<bool>("SELECT bool_and(lease_until BETWEEN now() AND now() + interval '1 minute') FROM nodes"));
    }
}
