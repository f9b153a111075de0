using UCaptcha.KillTest;

namespace UCaptcha.Proof.Tests;

/// <summary>A server whose database breaks promises behind its back: the kill test must say which.</summary>
public sealed class SabotageTests(SabotageTests.Run run) : IClassFixture<SabotageTests.Run>
{
    [Theory]
    [MemberData(nameof(Sabotage.BrokenPromises), MemberType = typeof(Sabotage))]
    public void Run_OfABrokenServer_FindsItOut(string broken)
    {
        var sabotage = Sabotage.All.Single(sabotage => sabotage.Name == broken);
        Assert.True(run.Report.Violations.Any(violation => violation.Contains(sabotage.Names, StringComparison.Ordinal)), $"{broken}: {run.Report}");
    }

    /// <summary>One run for all.</summary>
    public sealed class Run : IAsyncLifetime
    {
        internal KillReport Report { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await using var room = new SabotagedRoom();
            Report = await new KillRun(new KillOptions { Kills = 3, Seed = 5 }, room, TextWriter.Null).RunAsync();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
