using UCaptcha.KillTest;

namespace UCaptcha.Proof.Tests;

/// <summary>The short form of the kill test; hundreds of kills are a command (docs/reliability.md).</summary>
public sealed class KillTests
{
    private const int Seed = 20;

    [Fact]
    public async Task Kill_OneNodeTwentyTimes_NothingIsLostRepeatedOrChargedTwice()
    {
        var report = await KillRun.RunAsync(new KillOptions { Kills = 20, Seed = Seed }, TextWriter.Null);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(report.Violations.Count == 0, report.ToString());
    }
}
