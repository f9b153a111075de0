using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests;

/// <summary>An account's answer is cut after it took the task: nobody knows whether it did.</summary>
public sealed class UnknownSubmissionTests
{
    [Theory]
    [InlineData("elsewhere", "ready")]
    [InlineData("fail", "failed")]
    public async Task CreateTask_AnswerCutOff_IsCountedListedAndGoesOnAsConfigured(string setting, string status)
    {
        await using var scenario = await Scenario.StartAsync(
            ["cut:capmonster,mode=cut,price=0.1", "spare:twocaptcha,latency=20ms"],
            new Dictionary<string, string>
            {
                ["Admin__Key"] = AdminApi.Key,
                ["Engine__OnUnknownSubmission"] = setting,
                ["Providers__cut__Prices__RecaptchaV2"] = "0.1",
                ["Keys__test__SpeedWeight"] = "0",
            });
        using var admin = new AdminApi(scenario.Server);
        var other = await scenario.Api.CreateAsync(more: ""","provider":"spare" """);
        var id = await scenario.Api.CreateAsync();

        Assert.Equal(status, (await scenario.Api.EndAsync(id)).GetProperty("status").GetString());
        Assert.Equal("ready", (await scenario.Api.EndAsync(other)).GetProperty("status").GetString());
        Assert.Equal(1, await scenario.Emulator.ReceivedAsync("cut"));
        Assert.Equal(status == "ready" ? 2 : 1, await scenario.Emulator.ReceivedAsync("spare"));
        var listed = (await admin.GetAsync("/admin/v1/tasks?lostAttempts=true")).GetProperty("tasks");
        Assert.Equal(id, Assert.Single(listed.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("lost", (await admin.GetAsync($"/admin/v1/tasks/{id}")).GetProperty("attempts")[0].GetProperty("state").GetString());
        Assert.Equal(1, (await admin.GetAsync("/admin/v1/status")).GetProperty("lostAttempts").GetInt64());
        var metrics = ExpositionParser.Parse(await admin.MetricsAsync());
        Assert.Equal(1, metrics.Sum("""ucaptcha_attempts_total{account="cut",family="RecaptchaV2",outcome="lost" """.TrimEnd()));
    }
}
