using System.Net;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>The database of a running server is there and takes no writes, and takes them again.</summary>
public sealed class PostgresFaultTests(PostgresTrouble trouble) : IClassFixture<PostgresTrouble>
{
    private const string DiskFull = "53100";
    private const string OutOfMemory = "53200";
    private const string TooManyConnections = "53300";
    private const string AdminShutdown = "57P01";
    private const string CannotConnectNow = "57P03";
    private const string ReadOnly = "25006";
    private const string LockNotAvailable = "55P03";
    private const string SerializationFailure = "40001";

    [Theory]
    [InlineData(DiskFull, false)]
    [InlineData(DiskFull, true)]
    [InlineData(DiskFull, false, "counters")]
    [InlineData(OutOfMemory, false)]
    [InlineData(TooManyConnections, false)]
    [InlineData(AdminShutdown, false)]
    [InlineData(AdminShutdown, true)]
    [InlineData(CannotConnectNow, false)]
    [InlineData(ReadOnly, false)]
    [InlineData(LockNotAvailable, false)]
    [InlineData(SerializationFailure, false)]
    [InlineData(SerializationFailure, true)]
    public async Task Database_TakesNoWritesForAWhile_NewWorkIsRefusedAndNothingIsLostRepeatedOrCharged(string sqlState, bool atCommit, string spared = "")
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, "PostgreSQL is not installed (Debian: postgresql)");
        var accepted = await trouble.SubmitAsync();
        await trouble.BeginAsync(sqlState, atCommit, spared);
        await Refusing.AssertAsync(trouble.Client);
        await trouble.SolveAsync();
        foreach (var id in accepted)
            Assert.Equal("processing", (await trouble.Client.ResultAsync(id))["status"]);
        await trouble.EndAsync();

        await Eventually.TrueAsync(async () => (await trouble.Client.GetAsync("/healthz")).Status == HttpStatusCode.OK);
        await Eventually.TrueAsync(() => trouble.Client.ServesAsync(""));
        Assert.Empty(await trouble.JudgeAsync());
        Assert.DoesNotContain(trouble.Server.Program.Output, line => line.Contains("EMU-", StringComparison.Ordinal) || line.Contains(DiskClient.Key, StringComparison.Ordinal));
    }
}
