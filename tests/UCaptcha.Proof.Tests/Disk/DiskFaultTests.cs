using System.Net;
using Grpc.Core;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Proof.Tests.Disk;

/// <summary>The disk of a running server fails and works again.</summary>
public sealed class DiskFaultTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(800);

    /// <summary>What each dialect calls a refusal that is worth another try.</summary>
    private static readonly (string? Dialect, string Code)[] Dialects =
    [
        (null, "ERROR_SERVICE_NOT_AVAILABLE"),
        ("capmonster", "ERROR_SERVICE_NOT_AVAILABLE"),
        ("anticaptcha", "ERROR_NO_SLOT_AVAILABLE"),
        ("twocaptcha", "ERROR_NO_SLOT_AVAILABLE"),
        ("capsolver", "ERROR_SERVICE_UNAVALIABLE"),
    ];

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
        await RefusesAsync(scenario.Client);
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
        await Task.WhenAll(Dialects.Select(dialect => scenario.Client.CreateAsync(dialect.Dialect)));
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
            .. Dialects.Select(dialect => scenario.Client.PostAsync($"{(dialect.Dialect is null ? "" : "/" + dialect.Dialect)}/getBalance", new { clientKey = DiskClient.Key })),
        ]);

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        Assert.All(answers, IsHarmless);
        await Eventually.TrueAsync(async () => (await scenario.Client.GetAsync("/healthz")).Status == HttpStatusCode.ServiceUnavailable);
        await scenario.Faults.EndAsync(scenario.Server.Program, SystemFaults.Read);
        await Eventually.TrueAsync(async () => (await scenario.Client.GetAsync("/healthz")).Status == HttpStatusCode.OK);
        Assert.Empty(await scenario.JudgeAsync());
    }

    private static async Task RefusesAsync(DiskClient client)
    {
        var overGrpc = client.CreateOverGrpcAsync();
        var inPhp = client.CreateInAsync();
        var customer = client.CreateCustomerAsync();
        var creations = Dialects.Select(async dialect => (dialect.Code, Answer: await client.CreateAsync(dialect.Dialect))).ToList();

        foreach (var (code, answer) in await Task.WhenAll(creations))
        {
            Assert.Equal(code, answer["errorCode"]);
            IsHarmless(answer);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await creations[0]).Answer.Status);
        Assert.Equal(StatusCode.Unavailable, await overGrpc);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "ERROR_SERVICE_NOT_AVAILABLE"), ((await inPhp).Status, (await inPhp).Text));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await customer).Status);
        IsHarmless(await customer);
        Assert.Equal(new Answer(HttpStatusCode.ServiceUnavailable, "store unavailable"), await client.GetAsync("/healthz"));
        await Eventually.TrueAsync(async () => !await client.ServesAsync(""));
        Assert.False(await client.ServesAsync("ucaptcha.v1.CaptchaService"));
        Assert.True(await client.ServesAsync("grpc.health.v1.Health"));
    }

    private static void IsHarmless(Answer answer)
    {
        Assert.DoesNotContain("KEY_DOES_NOT_EXIST", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ZERO_BALANCE", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("CAPCHA_ID", answer.Text.Replace("CAPTCHA_ID", "CAPCHA_ID", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ucaptcha.db", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("SQLite", answer.Text, StringComparison.OrdinalIgnoreCase);
    }
}
