using UCaptcha.KillTest;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests;

/// <summary>The short form of the kill test for several nodes on one PostgreSQL.</summary>
public sealed class NodesTests
{
    private const int Rate = 12;
    private const string CutByRestart = "CUT_BY_RESTART";

    [Fact]
    public async Task Kill_ThreeNodesTenTimes_NothingIsLostRepeatedOrChargedTwice()
    {
        var report = await RunAsync(new KillOptions { Kills = 10, Nodes = 3, Deaths = [Death.Kill, Death.Kill, Death.Freeze], Seed = 3 });
        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.True(report.Takeovers.Count > 0, report.ToString());
    }

    [Fact]
    public async Task Stop_EachNodeInTurnWhileOthersJoin_LosesAndRepeatsNothing()
    {
        var report = await RunAsync(new KillOptions
        {
            Kills = 5,
            Nodes = 3,
            FirstNodes = 1,
            Deaths = [Death.Stop],
            // A busy machine must not take it from a node that lives.
            Lease = TimeSpan.FromSeconds(30),
            Seed = 4,
        });
        Assert.True(report.Violations.Count == 0, report.ToString());
        // A node that is told to stop waits for what it is submitting.
        Assert.DoesNotContain(report.Evidence.Store.Attempts.SelectMany(attempts => attempts), attempt => attempt.ErrorCode == CutByRestart);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FailOver_ToTheStandbyAndBackWhileTheDatabaseHangsAtTimes_LosesAndRepeatsNothing(bool addressMoves)
    {
        var report = await RunAsync(new KillOptions
        {
            Kills = 5,
            Nodes = 2,
            Deaths = [Death.Failover, Death.Failover, Death.Hang],
            AddressMoves = addressMoves,
            Seed = 5,
        });
        Assert.True(report.Violations.Count == 0, report.ToString());
    }

    private static async Task<KillReport> RunAsync(KillOptions options)
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        var report = await KillRun.RunAsync(options with { OnPostgres = true, Rate = Rate }, TextWriter.Null);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        return report;
    }
}
