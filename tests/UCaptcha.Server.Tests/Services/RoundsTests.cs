using UCaptcha.Server.Grpc.Health;
using UCaptcha.Server.Stores;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Services;

public sealed class RoundsTests
{
    [Fact]
    public async Task DoRound_BreaksOffByAFault_IsToldAndTheNextOneIsDone()
    {
        var log = new LogCollector<StoreWatch>();
        using var watch = new StoreWatch(null!, new ServingState(), new ManualTimeProvider(), log);
        var rounds = 0;

        for (var round = 0; round < 2; round++)
            await watch.DoRoundAsync("Counting", _ => ++rounds == 1 ? throw new InvalidOperationException("nobody foresaw it") : Task.CompletedTask, CancellationToken.None);

        Assert.Equal(2, rounds);
        Assert.Contains("Counting broke off", Assert.Single(log.Lines));
    }

    [Fact]
    public async Task DoRound_BreaksOffAgainAndAgain_IsToldEvery10SecondsForEachWork()
    {
        var log = new LogCollector<StoreWatch>();
        var clock = new ManualTimeProvider();
        using var watch = new StoreWatch(null!, new ServingState(), clock, log);

        for (var second = 0; second < 15; second++)
        {
            foreach (var what in (string[])["Counting", "Looking"])
                await watch.DoRoundAsync(what, _ => throw new InvalidOperationException("nobody foresaw it"), CancellationToken.None);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([2, 2], log.Lines.CountBy(line => line.Contains("Counting", StringComparison.Ordinal)).Select(lines => lines.Value));
    }
}
