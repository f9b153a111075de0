using System.Net;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>The disk of a running server fails and works again.</summary>
public sealed class DiskFaultTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(800);

    [Theory]
    [InlineData(Trouble.DiskFull)]
    [InlineData(Trouble.ReadOnly)]
    [InlineData(Trouble.FailingFlush)]
    [InlineData(Trouble.Locked)]
    [InlineData(Trouble.FileGone)]
    [InlineData(Trouble.FolderGone)]
    public async Task Disk_FailsForAWhile_NewWorkIsRefusedAndNothingIsLostRepeatedOrCharged(Trouble trouble)
    {
        await using var scenario = await DiskScenario.StartAsync(Latency);
        await scenario.SubmitAsync();
        var fault = new DiskFault(trouble, scenario.Server, scenario.Faults, scenario.DataFolder);
        await fault.BeginAsync();
        await Refusing.AssertAsync(scenario.Client);
        await scenario.SolvedAsync();
        foreach (var id in scenario.Accepted)
            Assert.Equal("processing", (await scenario.Client.ResultAsync(id))["status"]);
        await fault.EndAsync();

        await Eventually.TrueAsync(async () => (await scenario.Client.GetAsync("/healthz")).Status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await scenario.Client.CreateAsync()).Status);
        await Eventually.TrueAsync(() => scenario.Client.ServesAsync(""));
        Assert.Empty(await scenario.JudgeAsync());
    }

    [Theory]
    [InlineData(Trouble.DiskFull, false)]
    [InlineData(Trouble.FailingFlush, true)]
    public async Task Disk_FailsAndTheServerEnds_NothingIsLostRepeatedOrCharged(Trouble trouble, bool killed)
    {
        await using var scenario = await DiskScenario.StartAsync(Latency);
        await scenario.SubmitAsync();
        await new DiskFault(trouble, scenario.Server, scenario.Faults, scenario.DataFolder).BeginAsync();
        await Task.WhenAll(Refusing.Dialects.Select(dialect => scenario.Client.CreateAsync(dialect.Dialect)));
        await scenario.RestartAsync(killed);

        Assert.Empty(await scenario.JudgeAsync());
    }

    [Fact]
    public async Task Disk_CannotBeRead_ReadsAreRefusedAsRetryableAndNeverAsUnknown()
    {
        await using var scenario = await DiskScenario.StartAsync(TimeSpan.Zero);
        await scenario.SubmitAsync();
        foreach (var id in scenario.Accepted)
            await Eventually.TrueAsync(async () => (await scenario.Client.ResultAsync(id))["status"] == "ready");
        await scenario.Faults.BeginAsync(scenario.Server.Program, SystemFaults.Read, SystemFaults.InputOutputError);
        // What a page cache still has can be read for a while.
        var answers = await Task.WhenAll(
        [
            .. scenario.Accepted.Select(scenario.Client.ResultAsync),
            scenario.Client.BalanceAsync(),
            scenario.Client.StatusAsync(),
            .. Refusing.Dialects.Select(dialect => scenario.Client.PostAsync($"{(dialect.Dialect is null ? "" : "/" + dialect.Dialect)}/getBalance", new { clientKey = DiskClient.Key })),
        ]);

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        Assert.All(answers, Refusing.AssertHarmless);
        await Eventually.TrueAsync(async () => (await scenario.Client.GetAsync("/healthz")).Status == HttpStatusCode.ServiceUnavailable);
        await scenario.Faults.EndAsync(scenario.Server.Program, SystemFaults.Read);
        await Eventually.TrueAsync(async () => (await scenario.Client.GetAsync("/healthz")).Status == HttpStatusCode.OK);
        Assert.Empty(await scenario.JudgeAsync());
    }
}
