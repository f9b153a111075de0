using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests;

/// <summary>An account takes a task and its answer is cut, or comes too late: nobody knows whether it has the task.</summary>
public sealed class UnknownSubmissionTests
{
    private const string Cut = "mode=cut";
    private const string Late = "answerDelay=60s";

    [Theory]
    [InlineData(Cut, "CONNECTIONCUT", "elsewhere", "ready")]
    [InlineData(Cut, "CONNECTIONCUT", "fail", "failed")]
    [InlineData(Late, "ANSWERTIMEOUT", "elsewhere", "ready")]
    [InlineData(Late, "ANSWERTIMEOUT", "fail", "failed")]
    public async Task CreateTask_AnswerNeverCame_IsCountedListedAndGoesOnAsConfigured(string silence, string code, string setting, string status)
    {
        await using var scenario = await StartAsync(silence, "latency=20ms", setting);
        using var admin = new AdminApi(scenario.Server);
        var other = await scenario.Api.CreateAsync(more: ""","provider":"spare" """);
        var id = await scenario.Api.CreateAsync();

        var end = await scenario.Api.EndAsync(id);
        Assert.Equal(status, end.GetProperty("status").GetString());
        Assert.Equal("ready", (await scenario.Api.EndAsync(other)).GetProperty("status").GetString());
        Assert.Equal(1, await scenario.Emulator.ReceivedAsync("silent"));
        Assert.Equal(status == "ready" ? 2 : 1, await scenario.Emulator.ReceivedAsync("spare"));
        if (status == "failed")
        {
            Assert.Equal("ERROR_CAPTCHA_UNSOLVABLE", end.GetProperty("errorCode").GetString());
            Assert.Contains("not to be sent twice", end.GetProperty("errorDescription").GetString());
        }

        var listed = (await admin.GetAsync("/admin/v1/tasks?lostAttempts=true")).GetProperty("tasks");
        Assert.Equal(id, Assert.Single(listed.EnumerateArray()).GetProperty("id").GetString());
        var attempt = (await admin.GetAsync($"/admin/v1/tasks/{id}")).GetProperty("attempts")[0];
        Assert.Equal(("silent", "lost", code), (Text(attempt, "account"), Text(attempt, "state"), Text(attempt, "errorCode")));
        Assert.Equal(1, (await admin.GetAsync("/admin/v1/status")).GetProperty("lostAttempts").GetInt64());
        var metrics = ExpositionParser.Parse(await admin.MetricsAsync());
        Assert.Equal(1, metrics.Sum("""ucaptcha_attempts_total{account="silent",family="RecaptchaV2",outcome="lost" """.TrimEnd()));
        // The solve elsewhere is all that is paid for: $1 for 1000, and the other task's.
        Assert.Equal(status == "ready" ? 0.998 : 0.999, await scenario.Api.BalanceAsync(), 6);
    }

    [Theory]
    [InlineData(Cut)]
    [InlineData(Late)]
    public async Task CreateTask_AnswerNeverCameAndTheOtherAccountDoesNotSolveIt_FailsAndIsNotSentAgain(string silence)
    {
        await using var scenario = await StartAsync(silence, "mode=unsolvable,latency=20ms", "elsewhere");

        Assert.Equal("failed", (await scenario.Api.EndAsync(await scenario.Api.CreateAsync())).GetProperty("status").GetString());

        Assert.Equal(1, await scenario.Emulator.ReceivedAsync("silent"));
        Assert.Equal(1, await scenario.Emulator.ReceivedAsync("spare"));
        Assert.Equal(1, await scenario.Api.BalanceAsync());
    }

    private static Task<Scenario> StartAsync(string silence, string spare, string setting) => Scenario.StartAsync(
        [$"silent:capmonster,price=0.1,{silence}", $"spare:twocaptcha,{spare}"],
        new Dictionary<string, string>
        {
            ["Admin__Key"] = AdminApi.Key,
            ["Engine__OnUnknownSubmission"] = setting,
            ["Providers__silent__Prices__RecaptchaV2"] = "0.1",
            ["Providers__silent__AnswerTimeoutMs"] = "2000",
            ["Keys__test__SpeedWeight"] = "0",
            ["Keys__test__BudgetUsd"] = "1",
        });

    private static string? Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString();
}
