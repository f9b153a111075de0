using UCaptcha.KillTest;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.Proof.Tests;

/// <summary>Forged deaths and takeovers: what is judged where no other work starves whole servers.</summary>
public sealed class TakeoverTimesTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(4, null, 0)]
    [InlineData(4.1, null, 1)]
    [InlineData(4.1, 2.0, 0)]
    [InlineData(4.1, -2.0, 1)]
    public void Beyond_ALease_NamesTheDeathUnlessTheDatabaseDiedMeanwhile(double seconds, double? databaseDiedAfter, int broken)
    {
        List<Kill> kills = [new(1, Death.Kill, Moment.Whenever, At) { Node = 7 }, new(2, Death.Stop, Moment.Whenever, At)];
        if (databaseDiedAfter is { } after)
            kills.Add(new Kill(3, Death.Database, Moment.Whenever, At.AddSeconds(after)) { Down = TimeSpan.FromSeconds(1) });
        var times = new TakeoverTimes(kills, [new Takeover(7, At.AddSeconds(seconds).UtcDateTime, Tasks: 3), new Takeover(8, At.AddHours(1).UtcDateTime, Tasks: 1)]);

        Assert.Equal(broken, times.Beyond(Lease).Count(sentence => sentence.StartsWith("kill 1 (Kill)", StringComparison.Ordinal)));
    }
}
