using UCaptcha.KillTest;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.Proof.Tests;

/// <summary>The short form of the kill test; hundreds of kills are a command (docs/reliability.md).</summary>
public sealed class KillTests(KillTests.Run run) : IClassFixture<KillTests.Run>
{
    [Fact]
    public void Kill_OneNodeTwentyTimes_NothingIsLostRepeatedOrChargedTwice()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(run.Report.ToString());
        Assert.True(run.Report.Violations.Count == 0, run.Report.ToString());
    }

    [Theory]
    [MemberData(nameof(Forgery.BrokenPromises), MemberType = typeof(Forgery))]
    public void Judge_EvidenceOfABrokenPromise_NamesIt(string broken)
    {
        var forgery = Forgery.All.Single(forgery => forgery.Name == broken);
        var violations = forgery.Doctor(run.Room.FilePath, run.Report.Evidence).Judge();
        Assert.True(violations.Any(violation => violation.Contains(forgery.Names, StringComparison.Ordinal)), $"{broken}: {string.Join('\n', violations)}");
    }

    /// <summary>One run for all.</summary>
    public sealed class Run : IAsyncLifetime
    {
        private const int Seed = 20;

        internal SqliteRoom Room { get; } = new();

        internal KillReport Report { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Report = await new KillRun(new KillOptions { Kills = 20, Seed = Seed }, Room, TextWriter.Null).RunAsync();

        public ValueTask DisposeAsync() => Room.DisposeAsync();
    }
}
