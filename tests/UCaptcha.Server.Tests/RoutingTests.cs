using System.Net;
using System.Text.Json;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests;

/// <summary>Tasks go where the formula says, and elsewhere when that account cannot.</summary>
public sealed class RoutingTests
{
    private static readonly string[] CheapAndFast = ["cheap:capmonster,latency=600ms,price=0.5", "fast:anticaptcha,latency=60ms,price=3"];

    private static readonly Dictionary<string, string> Prices = new()
    {
        ["Providers__cheap__Prices__RecaptchaV2"] = "0.5",
        ["Providers__fast__Prices__RecaptchaV2"] = "3",
    };

    [Fact]
    public async Task CreateTask_SelectionModesAndForcedProvider_GoWhereTheFormulaSays()
    {
        await using var scenario = await Scenario.StartAsync(CheapAndFast, Prices);
        // Each account shows what it takes before the modes are compared.
        foreach (var account in new[] { "cheap", "fast", "cheap", "fast" })
            Assert.Equal(account, await SolveAsync(scenario.Api, $$""","provider":"{{account}}" """));
        Assert.Equal("cheap", await SolveAsync(scenario.Api, """,  "selectionMode":"autoCheapest" """));
        Assert.Equal("fast", await SolveAsync(scenario.Api, """, "selectionMode":"autoFastest" """));
        // Two accounts, each best at one thing: at weight 50 reliability decides, then the price.
        Assert.Equal("cheap", await SolveAsync(scenario.Api, """, "selectionMode":"autoMostReliable" """));
        Assert.Equal("cheap", await SolveAsync(scenario.Api, """, "selectionMode":"priority" """));
        Assert.Equal("fast", await SolveAsync(scenario.Api, """, "selectionMode":"autoCheapest","provider":"anti-captcha" """));
    }

    [Fact]
    public async Task CreateTask_ReadyResult_HasTheProvidersCostAndTheTime()
    {
        await using var scenario = await Scenario.StartAsync(CheapAndFast, Prices);
        var result = await scenario.Api.EndAsync(await scenario.Api.CreateAsync(more: ""","provider":"fast" """));
        Assert.Equal(0.003, result.GetProperty("cost").GetDouble());
        Assert.True(result.GetProperty("solveTime").GetInt64() >= 60);
        Assert.Equal(["errorId", "taskId", "status", "solution", "cost", "solveTime"], result.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("dead")]
    [InlineData("busy")]
    [InlineData("broke")]
    [InlineData("badkey")]
    [InlineData("garbled")]
    [InlineData("lying")]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("403")]
    [InlineData("unsolvable")]
    [InlineData("lost")]
    public async Task CreateTask_BestAccountCannot_TheOtherSolvesEveryTask(string mode)
    {
        await using var scenario = await Scenario.StartAsync(["bad:capmonster,latency=50ms", "good:twocaptcha,latency=50ms"], new Dictionary<string, string>
        {
            ["Providers__bad__Prices__RecaptchaV2"] = "0.1",
        });
        await scenario.Emulator.ChangeAsync("bad", "mode", mode);
        var tasks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scenario.Api.CreateAsync(more: ""","selectionMode":"autoCheapest" """)));
        foreach (var task in tasks)
        {
            var result = await scenario.Api.EndAsync(task);
            Assert.Equal("ready", result.GetProperty("status").GetString());
            Assert.Equal("good", Scenario.AccountOf(result));
        }
    }

    [Fact]
    public async Task CreateTask_AccountRefusesConnections_TheOtherSolvesEveryTask()
    {
        await using var scenario = await Scenario.StartAsync(["good:twocaptcha,latency=50ms"], new Dictionary<string, string>
        {
            ["Providers__gone__Kind"] = "capmonster",
            ["Providers__gone__BaseUrl"] = "http://127.0.0.1:9",
            ["Providers__gone__ApiKey"] = "emulated-account-key",
            ["Providers__gone__Prices__RecaptchaV2"] = "0.1",
        });
        for (var i = 0; i < 5; i++)
            Assert.Equal("good", await SolveAsync(scenario.Api, """,  "selectionMode":"autoCheapest" """));
    }

    [Fact]
    public async Task CreateTask_EveryAccountFails_TheTaskFailsWithoutCharge()
    {
        await using var scenario = await Scenario.StartAsync(["one:capmonster,mode=unsolvable,latency=20ms", "two:anticaptcha,mode=unsolvable,latency=20ms"], new Dictionary<string, string>
        {
            ["Keys__test__BudgetUsd"] = "1",
        });
        var id = await scenario.Api.CreateAsync();
        var result = await scenario.Api.EndAsync(id);
        Assert.Equal("""{"errorId":0,"status":"failed","errorCode":"ERROR_CAPTCHA_UNSOLVABLE","errorDescription":"Provider could not solve the captcha"}""", result.ToString());
        Assert.Equal(1, await scenario.Api.BalanceAsync());
        Assert.Equal(1, await scenario.Emulator.ReceivedAsync("one"));
        Assert.Equal(1, await scenario.Emulator.ReceivedAsync("two"));
    }

    [Fact]
    public async Task CreateTask_OnlyAccountHasAWrongKey_ItIsNotAskedAgainAndTheClientDoesNotSeeItsError()
    {
        await using var scenario = await Scenario.StartAsync(["only:capmonster,mode=badkey"]);
        var ends = new List<JsonElement>();
        for (var i = 0; i < 5; i++)
            ends.Add(await scenario.Api.EndAsync(await scenario.Api.CreateAsync()));
        Assert.All(ends, end => Assert.Equal("failed", end.GetProperty("status").GetString()));
        Assert.All(ends, end => Assert.DoesNotContain("KEY", end.ToString()));
        Assert.Equal(1, (await scenario.Emulator.ReportAsync("only")).GetProperty("errors").GetInt32());
    }

    [Fact]
    public async Task CreateTask_BlockedProvider_IsNeverUsed()
    {
        await using var scenario = await Scenario.StartAsync(CheapAndFast, new Dictionary<string, string>(Prices) { ["Keys__test__BlockedProviders__0"] = "capmonster" });
        for (var i = 0; i < 3; i++)
            Assert.Equal("fast", await SolveAsync(scenario.Api, ""","selectionMode":"autoCheapest" """));
        Assert.Equal(0, await scenario.Emulator.ReceivedAsync("cheap"));
    }

    [Fact]
    public async Task CreateTask_ImageAtCapSolver_IsReadyAtOnce()
    {
        await using var scenario = await Scenario.StartAsync(["images:capsolver"]);
        var (status, body) = await scenario.Api.PostAsync(
            "/createTask", $$$"""{"clientKey":"{{{Scenario.Key}}}","task":{"type":"ImageToTextTask","body":"{{{Convert.ToBase64String(new byte[300])}}}"}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ready", body.GetProperty("status").GetString());
        Assert.StartsWith("EMU-images", body.GetProperty("solution").GetProperty("text").GetString());
        Assert.True(body.GetProperty("cost").GetDouble() > 0);
    }

    [Fact]
    public async Task CreateTask_BudgetUsedUp_Is402AndNothingIsOverspent()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=30ms,price=1"], new Dictionary<string, string>
        {
            ["Keys__test__BudgetUsd"] = "0.01",
            ["Providers__a__Prices__RecaptchaV2"] = "1",
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ =>
            scenario.Api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""")));
        Assert.Equal(10, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer =>
        {
            Assert.Equal(HttpStatusCode.PaymentRequired, answer.Status);
            Assert.Equal("ERROR_ZERO_BALANCE", answer.Body.GetProperty("errorCode").GetString());
        });
        foreach (var (_, body) in answers.Where(answer => answer.Status == HttpStatusCode.OK))
            await scenario.Api.EndAsync(body.GetProperty("taskId").GetString()!);
        Assert.Equal(0, await scenario.Api.BalanceAsync());
        Assert.Equal(10, await scenario.Emulator.ReceivedAsync("a"));
    }

    [Fact]
    public async Task FeedbackTask_BadSolutions_TurnTheRoutingAway()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=20ms,price=1", "b:twocaptcha,latency=20ms,price=1"], new Dictionary<string, string>
        {
            ["Providers__a__Prices__RecaptchaV2"] = "1",
            ["Providers__b__Prices__RecaptchaV2"] = "1",
        });
        for (var i = 0; i < 3; i++)
        {
            var id = await scenario.Api.CreateAsync(more: ""","provider":"a" """);
            await scenario.Api.EndAsync(id);
            await scenario.Api.PostAsync("/feedbackTask", $$$"""{"clientKey":"{{{Scenario.Key}}}","taskId":"{{{id}}}","result":{"invalid":true,"code":1001,"message":"refused"}}""");
        }

        Assert.Equal("b", await SolveAsync(scenario.Api, ""","selectionMode":"autoCheapest" """));
    }

    private static async Task<string> SolveAsync(Api api, string more)
    {
        var result = await api.EndAsync(await api.CreateAsync(more: more));
        Assert.True(result.GetProperty("status").GetString() == "ready", result.ToString());
        return Scenario.AccountOf(result);
    }
}
