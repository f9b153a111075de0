using Dapper;
using UCaptcha.Storage.Postgres;
using UCaptcha.Storage.Tests.Support;
using UCaptcha.TestKit;

namespace UCaptcha.Storage.Tests.Postgres;

/// <summary>How long a node is taken for alive, and by whose clock.</summary>
public sealed class LeaseTimeTests : IAsyncLifetime
{
    /// <summary>The database's time comes in whole milliseconds, the nearest.</summary>
    private static readonly TimeSpan ToldIn = TimeSpan.FromMilliseconds(1);

    private readonly PostgresHost _host = new(o => o with { LeaseTime = TimeSpan.FromMinutes(1) });
    private PostgresStore _a = null!;
    private PostgresStore _b = null!;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task EndOverdue_NodeRenewsForSeveralLeaseTimes_EndsItOnlyWhenItStops()
    {
        var task = Make.Task((await _a.SaveKeyAsync(Make.Key(), None)).Id);
        await _a.AcceptAsync(task, None);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(2, await _a.RenewAsync(None));
            PassForA(seconds: 25);
            Assert.Equal(0, await _b.EndOverdueAsync(None));
            Assert.Empty(await _b.ClaimAsync(100, None));
        }

        PassForA(seconds: 25);

        Assert.Equal(1, await _b.EndOverdueAsync(None));
        Assert.Equal(task.Id, Assert.Single(await _b.ClaimAsync(100, None)).Task.Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Renew_ClockSetWrong_TellsHowFarItIsFromTheDatabases(int hours)
    {
        var clock = new WrongClock(TimeSpan.FromHours(hours));
        await using var node = await _host.OpenPostgresAsync(time: clock);
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
        await using var node = await _host.OpenPostgresAsync(time: new WrongClock(TimeSpan.FromHours(hours)));
        AssertEveryLeaseIsOfAMinuteAtMost();
        Assert.NotEqual(0, await node.RenewAsync(None));
        AssertEveryLeaseIsOfAMinuteAtMost();
        Assert.Equal(0, await _a.EndOverdueAsync(None));
        Assert.Equal(0, await node.EndOverdueAsync(None));
        Assert.Equal(3, (await node.ListNodesAsync(None)).Count);

        PassForA(seconds: 60);

        Assert.Equal(1, await node.EndOverdueAsync(None));
    }

    public async ValueTask InitializeAsync()
    {
        _a = await _host.OpenPostgresAsync();
        _b = await _host.OpenPostgresAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_a is null)
            return;
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    /// <summary>Time passes for one node alone: nobody has to wait, however busy the machine is.</summary>
    private void PassForA(int seconds) =>
        _host.Execute($"UPDATE nodes SET lease_until = lease_until - interval '{seconds} seconds' WHERE id = (SELECT min(id) FROM nodes)");

    private void AssertEveryLeaseIsOfAMinuteAtMost()
    {
        using var connection = _host.Connect();
        Assert.True(connection.ExecuteScalar<bool>("SELECT bool_and(lease_until BETWEEN now() AND now() + interval '1 minute') FROM nodes"));
    }
}
