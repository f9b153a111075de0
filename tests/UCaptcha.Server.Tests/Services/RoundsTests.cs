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
}
