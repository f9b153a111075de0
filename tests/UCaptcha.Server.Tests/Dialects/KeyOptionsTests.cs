using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using UCaptcha.Server.Keys;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Dialects;

/// <summary>Options behind a key, as CapMonster's clients write them.</summary>
public sealed class KeyOptionsTests
{
    private const string Image = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("KEY", "")]
    [InlineData("__nocache", "")]
    [InlineData("KEY__nocache", "KEY:True//")]
    [InlineData("KEY__solvemedia__recognizingthreshold_70", "KEY__solvemedia:False//70 KEY:False/solvemedia/70")]
    [InlineData("K__Y__NOCACHE", "K__Y:True// K:True/Y/")]
    public void Partings_OfAText_AreTheLongestKeyFirst(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', KeyOptions.Partings(text).Select(part => $"{part.Key}:{part.Options.NoCache}/{part.Options.Module}/{part.Options.RecognizingThreshold}")));

    [Fact]
    public void AddTo_ATaskThatSetsTheSame_LeavesIt()
    {
        var task = new CaptchaTask { Extra = new Struct { Fields = { ["CapMonsterModule"] = Value.ForString("own") } } };
        new KeyOptions(NoCache: true, "other", 70).AddTo(task);
        Assert.Equal(["CapMonsterModule", "nocache", "recognizingThreshold"], task.Extra.Fields.Keys.Order());
        Assert.Equal("own", task.Extra.Fields["CapMonsterModule"].StringValue);
    }

    [Fact]
    public async Task CreateTask_KeyWithOptions_TakesThemToTheProvider()
    {
        await using var scenario = await Scenario.StartAsync(
            ["cap:capmonster,latency=10ms"], new() { ["DefaultDialect"] = "capmonster", ["Keys__odd__Key"] = Scenario.Key + "__vk" });
        foreach (var suffix in new[] { "__universal__recognizingthreshold_70", "__vk" })
        {
            var (_, created) = await scenario.Api.PostAsync(
                "/createTask", $$$"""{"clientKey":"{{{Scenario.Key}}}{{{suffix}}}","task":{"type":"ImageToTextTask","body":"{{{Image}}}"}}""");
            Assert.Equal(0, created.GetProperty("errorId").GetInt32());
        }

        JsonElement tasks = default;
        await TestKit.Eventually.TrueAsync(async () =>
            (tasks = (await scenario.Emulator.ReportAsync("cap")).GetProperty("tasks")).GetArrayLength() == 2);
        var bodies = tasks.EnumerateArray().Select(task => task.GetProperty("body")).ToArray();
        var optioned = Assert.Single(bodies, body => body.TryGetProperty("capMonsterModule", out _));
        Assert.Equal(("universal", 70), (optioned.GetProperty("capMonsterModule").GetString(), optioned.GetProperty("recognizingThreshold").GetInt32()));

        var (status, refused) = await scenario.Api.PostAsync("/ucaptcha/getBalance", $$"""{"clientKey":"{{Scenario.Key}}__nocache"}""");
        Assert.Equal((401, "ERROR_KEY_DOES_NOT_EXIST"), ((int)status, refused.GetProperty("errorCode").GetString()));
    }
}
