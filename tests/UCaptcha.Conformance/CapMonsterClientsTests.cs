using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace UCaptcha.Conformance;

/// <summary>CapMonster Cloud's official JavaScript client and node-capmonster, unmodified, each with nothing but its address changed.</summary>
public sealed class CapMonsterClientsTests(DialectServer fixture) : IClassFixture<DialectServer>
{
    private const string Official = "capmonstercloud-client.cjs";
    private const string Community = "node-capmonster.cjs";

    [Theory]
    [InlineData(Official)]
    [InlineData(Community)]
    public async Task Balance_IsANumber(string client) =>
        Assert.Equal(JsonValueKind.Number, Assert.Single(await RunAsync(client, "balance")).GetProperty("balance").ValueKind);

    [Fact]
    public async Task Official_EveryRequestClass_IsSolved()
    {
        var answers = (await RunAsync(Official, "solve")).ToDictionary(answer => answer.GetProperty("name").GetString()!);
        Assert.Equal(32, answers.Count);
        Assert.All(answers.Values, answer => Assert.Equal(JsonValueKind.Object, answer.GetProperty("solution").ValueKind));
        Assert.StartsWith("EMU-quick", answers["RecaptchaV2"].GetProperty("solution").GetProperty("gRecaptchaResponse").GetString());
        Assert.StartsWith("EMU-quick", answers["Turnstile"].GetProperty("solution").GetProperty("token").GetString());
        Assert.StartsWith("EMU-quick", answers["CloudflareClearance"].GetProperty("solution").GetProperty("cf_clearance").GetString());
        Assert.StartsWith("EMU-quick", answers["GeeTestV4"].GetProperty("solution").GetProperty("pass_token").GetString());
        Assert.StartsWith("EMU-quick", answers["AmazonCookie"].GetProperty("solution").GetProperty("cookies").GetProperty("aws-waf-token").GetString());
        Assert.Equal(69.5, answers["ComplexImageRecognition"].GetProperty("solution").GetProperty("answer")[0].GetProperty("X").GetDouble());
        Assert.StartsWith("EMU-quick", answers["DataDome"].GetProperty("solution").GetProperty("domains").GetProperty("www.example.com").GetProperty("cookies").GetProperty("datadome").GetString());

        // So that a class of a later version is not forgotten here.
        var classes = Assert.Single(await RunAsync(Official, "exported")).EnumerateArray().Select(name => name.GetString()!).ToArray();
        Assert.Equal(27, classes.Length);
    }

    [Fact]
    public async Task Official_SolvedTasks_ReachTheProviderInItsOwnWords()
    {
        // The other client's tasks, sent through the same server by another test, come before or after.
        var earlier = (await TasksAsync()).Length;
        await RunAsync(Official, "solve");
        var bodies = (await TasksAsync())[earlier..];
        var yidun = bodies.First(body => body.GetProperty("type").GetString() == "YidunTask");
        Assert.Equal(1751469954806, yidun.GetProperty("hct").GetInt64());
        var castle = bodies.First(body => body.TryGetProperty("class", out var name) && name.GetString() == "Castle");
        Assert.Equal("w", castle.GetProperty("metadata").GetProperty("wUrl").GetString());
        var image = bodies.First(body => body.GetProperty("type").GetString() == "ImageToTextTask");
        Assert.Equal(("universal", true), (image.GetProperty("capMonsterModule").GetString(), image.GetProperty("case").GetBoolean()));
    }

    [Fact]
    public async Task Community_EveryTaskClass_IsSolved()
    {
        var answers = await RunAsync(Community, "solve");
        Assert.All(answers, answer => Assert.Equal(JsonValueKind.Object, answer.GetProperty("solution").ValueKind));
        Assert.All(answers, answer => Assert.InRange(answer.GetProperty("id").GetInt32(), 1, int.MaxValue));
        var exported = Assert.Single(await RunAsync(Community, "exported")).EnumerateArray().Select(name => name.GetString()).Order();
        Assert.Equal(exported, answers.Select(answer => answer.GetProperty("name").GetString()).Order());
    }

    [Fact]
    public async Task Official_EachErrorThatItKnows_HasItsName()
    {
        var errors = (await RunAsync(Official, "errors")).ToDictionary(error => error.GetProperty("name").GetString()!, error => error.GetProperty("error").GetString()!);
        Assert.Equal("KEY_DOES_NOT_EXIST", errors["wrongKey"]);
        Assert.Equal("ZERO_BALANCE", errors["zeroBalance"]);
        Assert.Equal("IP_NOT_ALLOWED", errors["ipNotAllowed"]);
        Assert.Equal("DOMAIN_NOT_ALLOWED", errors["domainNotAllowed"]);
        Assert.Equal("ZERO_CAPTCHA_FILESIZE", errors["zeroFilesize"]);
        Assert.Equal("TOO_BIG_CAPTCHA_FILESIZE", errors["tooBigFilesize"]);
        Assert.Equal("NO_SLOT_AVAILABLE", errors["noSlot"]);
        Assert.Equal("Unknown", errors["invalidTask"]);
        Assert.Equal("NO_SUCH_CAPCHA_ID", errors["unknownTask"]);
    }

    [Fact]
    public async Task Official_TaskThatNobodySolves_IsUnsolvable()
    {
        var answer = Assert.Single(await RunAsync(Official, "unsolvable", DialectServer.Key + "-bad"));
        Assert.Equal("CAPTCHA_UNSOLVABLE", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Community_Errors_CarryTheVendorsCode()
    {
        var errors = (await RunAsync(Community, "errors")).ToDictionary(error => error.GetProperty("name").GetString()!, error => error.GetProperty("error").GetString()!);
        Assert.Equal("ERROR_KEY_DOES_NOT_EXIST", errors["wrongKey"]);
        Assert.Equal("ERROR_ZERO_BALANCE", errors["zeroBalance"]);
        Assert.Equal("ERROR_NO_SUCH_CAPCHA_ID", errors["unknownTask"]);
        Assert.Equal("ERROR_INVALID_TASK", errors["invalidTask"]);
        Assert.Equal("ERROR_ZERO_CAPTCHA_FILESIZE", errors["zeroFilesize"]);
    }

    [Fact]
    public async Task Community_WithACallbackUrl_IsCalledBack()
    {
        using var receiver = new TcpListener(IPAddress.Loopback, 0);
        receiver.Start();
        var called = ReceiveAsync(receiver);
        await RunAsync(Community, "callback", DialectServer.Key, $"http://127.0.0.1:{((IPEndPoint)receiver.LocalEndpoint).Port}/cb/17");
        Assert.Contains(" /cb/17", await called.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private async Task<JsonElement[]> TasksAsync() =>
        [.. (await fixture.Emulator.ReportAsync("quick")).GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("body"))];

    private static async Task<string> ReceiveAsync(TcpListener receiver)
    {
        using var connection = await receiver.AcceptTcpClientAsync();
        using var reader = new StreamReader(connection.GetStream());
        var line = await reader.ReadLineAsync();
        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        return line!;
    }

    private async Task<JsonElement[]> RunAsync(string client, string what, string key = DialectServer.Key, params string[] more) =>
        [.. (await ClientProgram.NodeAsync(client, [fixture.Server.Http, key, what, .. more])).Select(line => JsonDocument.Parse(line).RootElement)];
}
