using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace UCaptcha.Conformance;

/// <summary>
/// Clients of Anti-Captcha, CapSolver, 2Captcha, RuCaptcha and DeathByCaptcha from npm, unmodified. Most have their vendor's address built in: they
/// reach the server under the vendor's host name, as by a line in the hosts file.
/// </summary>
public sealed class VendorClientsTests(VendorHostsServer fixture) : IClassFixture<VendorHostsServer>
{
    private const string Token = "EMU-any-";

    [Fact]
    public async Task AntiCaptchaOfficial_EverySolveMethod_GetsItsSolution()
    {
        // What this server does not know: they run scripts in browsers of the vendor's, or ask for points in a picture.
        string[] unknown = ["solveAntiBotCookieTask", "solveAntiGateTask", "solveImageToCoordinates"];
        var answers = await RunAsync("anticaptchaofficial.cjs", "solve");
        Assert.Equal(unknown, answers.Where(answer => Error(answer.Value) == "ERROR_TASK_NOT_SUPPORTED").Select(answer => answer.Key).Order());
        foreach (var (name, answer) in answers.Where(answer => !unknown.Contains(answer.Key)))
        {
            // The emulated account answers these with a voucher, and this client looks for a token only.
            if (name.StartsWith("solveAmazonProxy", StringComparison.Ordinal))
                Assert.Null(Error(answer));
            else
                Assert.True(answer.GetRawText().Contains(Token, StringComparison.Ordinal), $"{name}: {answer}");
        }

        // So that a method of a later version is not forgotten here.
        var exported = (await LinesAsync("anticaptchaofficial.cjs", "exported"))[0].EnumerateArray().Select(name => name.GetString()!);
        Assert.Equal(exported.Order(), answers.Keys.Order());
    }

    [Fact]
    public async Task AntiCaptchaOfficial_BalanceAndReports_AreAsItExpects()
    {
        var answers = await RunAsync("anticaptchaofficial.cjs", "account");
        Assert.Equal(JsonValueKind.Number, Answer(answers["balance"]).ValueKind);
        Assert.Equal(0, Answer(answers["credits"]).GetInt32());
        Assert.All(answers.Where(answer => answer.Key.StartsWith("report", StringComparison.Ordinal)), answer => Assert.True(Answer(answer.Value).GetBoolean()));
        Assert.Equal(("E0_key", "Mozilla/5.0 (emulated)"), (Answer(answers["respKey"]).GetString(), Answer(answers["userAgent"]).GetString()));
    }

    [Fact]
    public async Task AntiCaptchaOfficial_Errors_AreTheVendorsCodes()
    {
        var errors = await RunAsync("anticaptchaofficial.cjs", "errors");
        Assert.Equal("ERROR_KEY_DOES_NOT_EXIST", Error(errors["wrongKey"]));
        Assert.Equal("ERROR_ZERO_BALANCE", Error(errors["zeroBalance"]));
        Assert.Equal("ERROR_CAPTCHA_UNSOLVABLE", Error(errors["unsolvable"]));
        Assert.Equal("ERROR_ZERO_CAPTCHA_FILESIZE", Error(errors["emptyImage"]));
        Assert.Equal("ERROR_ZERO_CAPTCHA_FILESIZE", Error(errors["smallImage"]));
        Assert.Equal("ERROR_RECAPTCHA_INVALID_SITEKEY", Error(errors["noSiteKey"]));
        Assert.Equal("ERROR_NO_SUCH_CAPCHA_ID", Error(errors["noSuchTask"]));
        Assert.Equal("ERROR_NO_SUCH_METHOD", Error(errors["noSuchMethod"]));
    }

    [Fact]
    public async Task AntiCaptcha_OnAxios_SolvesAndTellsErrors()
    {
        var answers = await RunAsync("anticaptcha.cjs");
        Assert.Equal(JsonValueKind.Number, Answer(answers["balance"]).ValueKind);
        foreach (var name in new[] { "recaptchaV2", "recaptchaV3", "image" })
            Assert.Contains(Token, Answer(answers[name]).GetRawText());
        Assert.Contains("ERROR_KEY_DOES_NOT_EXIST", answers["wrongKey"].GetRawText());
        Assert.Contains("ERROR_INCORRECT_SESSION_DATA", answers["noTaskType"].GetRawText());
        Assert.Contains("ERROR_CAPTCHA_UNSOLVABLE", answers["unsolvable"].GetRawText());
    }

    [Fact]
    public async Task CapSolver_EveryKnownKind_GetsItsSolution()
    {
        // Recognition of other pictures, and Imperva without a proxy.
        string[] unknown = ["awswafclassification", "imperva", "recaptchav2classification", "visionengine"];
        var answers = await RunAsync("capsolver-npm.cjs", "solve");
        foreach (var (name, answer) in answers)
            Assert.True(answer.GetRawText().Contains(name == "image2text" ? "EMU-atonce-" : Token, StringComparison.Ordinal), $"{name}: {answer}");

        var methods = (await LinesAsync("capsolver-npm.cjs", "methods"))[0].EnumerateArray().Select(name => name.GetString()!);
        Assert.Equal(methods.Except(["constructor", "balance", "task"]).Order(), answers.Keys.Concat(unknown).Order());
    }

    [Fact]
    public async Task CapSolver_Errors_CarryTheVendorsCodes()
    {
        var errors = await RunAsync("capsolver-npm.cjs", "errors");
        Assert.Equal(JsonValueKind.Number, Answer(errors["balance"]).ValueKind);
        Assert.Contains("ERROR_KEY_DOES_NOT_EXIST", errors["wrongKey"].GetRawText());
        Assert.Contains("ERROR_ZERO_BALANCE", errors["zeroBalance"].GetRawText());
        Assert.Contains("ERROR_TASK_NOT_SUPPORTED", errors["unknownType"].GetRawText());
        Assert.Contains("ERROR_INVALID_TASK_DATA", errors["noSiteKey"].GetRawText());
        Assert.False(errors["unsolvable"].TryGetProperty("answer", out _));
    }

    [Fact]
    public async Task TwoCaptchaOfficial_EveryKnownKind_GetsItsSolution()
    {
        var answers = await RunAsync("two-captcha-solver.cjs", "solve");
        Assert.Equal(17, answers.Count);
        foreach (var (name, answer) in answers)
        {
            Assert.True(answer.GetRawText().Contains(Token, StringComparison.Ordinal), $"{name}: {answer}");
            Assert.InRange(int.Parse(Answer(answer).GetProperty("id").GetString()!), 1, int.MaxValue);
        }

        Assert.Equal("challenge", Answer(answers["geetest"]).GetProperty("data").GetProperty("geetest_challenge").GetString());
        Assert.StartsWith("datadome=" + Token, Answer(answers["dataDome"]).GetProperty("data").GetString());
        Assert.Equal("Mozilla/5.0 (emulated)", Answer(answers["cloudflareTurnstile"]).GetProperty("useragent").GetString());
    }

    // A picture with one of the vendor's marks for another kind must not be read as text, and paid.
    [Fact]
    public async Task TwoCaptchaOfficial_OtherKinds_AreRefused()
    {
        var answers = await RunAsync("two-captcha-solver.cjs", "others");
        Assert.Equal(6, answers.Count);
        Assert.All(answers.Values, answer => Assert.Equal("ERROR_BAD_PARAMETERS", Error(answer)));
    }

    [Fact]
    public async Task TwoCaptchaOfficial_BalanceReportsErrorsAndPingback_AreAsItExpects()
    {
        using var receiver = new TcpListener(IPAddress.Loopback, 0);
        receiver.Start();
        var called = ReceiveAsync(receiver);
        var answers = await RunAsync("two-captcha-solver.cjs", "account", $"http://127.0.0.1:{((IPEndPoint)receiver.LocalEndpoint).Port}/pingback");
        var solved = Answer(answers["recaptcha"]);
        Assert.Equal(
            $"id={solved.GetProperty("id").GetString()}&code={solved.GetProperty("data").GetString()}", await called.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(JsonValueKind.Number, Answer(answers["balance"]).ValueKind);
        Assert.StartsWith(Token, Answer(answers["v3"]).GetProperty("data").GetString());
        Assert.StartsWith(Token, Answer(answers["enterprise"]).GetProperty("data").GetString());
        Assert.Equal(("OK_REPORT_RECORDED", "OK_REPORT_RECORDED"), (Answer(answers["good"]).GetString(), Answer(answers["bad"]).GetString()));
        Assert.Equal("ERROR_KEY_DOES_NOT_EXIST", Error(answers["wrongKey"]));
        Assert.Equal("ERROR_ZERO_BALANCE", Error(answers["zeroBalance"]));
        Assert.Equal("ERROR_CAPTCHA_UNSOLVABLE", Error(answers["unsolvable"]));
        Assert.Equal("ERROR_ZERO_CAPTCHA_FILESIZE", Error(answers["smallImage"]));
        Assert.Equal("ERROR_PAGEURL", Error(answers["badPage"]));
        Assert.Contains("ERROR_WRONG_USER_KEY", answers["shortKey"].GetRawText());
    }

    [Fact]
    public async Task RuCaptcha_OnAxios_PostsJsonAndAsksForManyIdsAndPrices()
    {
        var answers = await LinesAsync("rucaptcha-2captcha.cjs");
        Assert.Equal(16, answers.Length);
        foreach (var service in answers.Chunk(8))
        {
            var named = service.ToDictionary(answer => answer.GetProperty("name").GetString()!);
            Assert.True(Answer(named["balance"]).GetDouble() > 0);
            Assert.StartsWith(Token, Answer(named["image"]).GetProperty("token").GetString());
            Assert.All(Answer(named["many"]).EnumerateArray(), token => Assert.StartsWith(Token, token.GetString()));
            Assert.Equal("0.0008", Answer(named["price"]).GetProperty("price").GetString());
            Assert.Equal("OK_REPORT_RECORDED", Answer(named["good"]).GetProperty("request").GetString());
            Assert.Equal("OK_REPORT_RECORDED", Answer(named["bad"]).GetProperty("request").GetString());
            Assert.Equal("ERROR_WRONG_CAPTCHA_ID", Error(named["unknown"]));
            Assert.Equal(("ERROR_KEY_DOES_NOT_EXIST", true), (Error(named["wrongKey"]), named["wrongKey"].GetProperty("text").GetString()!.Length > 0));
        }
    }

    [Fact]
    public async Task NodeTwoCaptcha_ReadingPlainText_SolvesAndReports()
    {
        var answers = await RunAsync("node-two-captcha.cjs");
        foreach (var name in new[] { "image", "recaptchaV2", "recaptchaV3", "hcaptcha" })
            Assert.StartsWith(Token, Answer(answers[name]).GetProperty("_text").GetString());
        Assert.Equal((true, true), (Answer(answers["good"]).GetBoolean(), Answer(answers["bad"]).GetBoolean()));
        // Its own sentences for the codes.
        Assert.Equal("The key you've provided does not exists.", Error(answers["wrongKey"]));
        Assert.False(answers["unsolvable"].TryGetProperty("answer", out _));
    }

    [Fact]
    public async Task DeathByCaptcha_Picture_IsFoundWhereTheUploadPoints()
    {
        var answers = await RunAsync("deathbycaptcha.cjs");
        Assert.Equal(JsonValueKind.Number, Answer(answers["balance"]).ValueKind);
        Assert.True(Guid.TryParse(Answer(answers["image"]).GetProperty("id").GetString(), out _));
        Assert.StartsWith(Token, Answer(answers["image"]).GetProperty("text").GetString());
        Assert.Equal(Answer(answers["image"]).GetProperty("text").GetString(), Answer(answers["again"]).GetString());
        Assert.Equal("taken", Answer(answers["report"]).GetString());
        Assert.Equal("Invalid login / Insufficient credits.", Error(answers["wrongKey"]));
        Assert.Equal("Invalid image.", Error(answers["smallImage"]));
    }

    private static JsonElement Answer(JsonElement line) =>
        line.TryGetProperty("answer", out var answer) ? answer : throw new InvalidOperationException($"No answer: {line}");

    private static string? Error(JsonElement line) => line.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString() : null;

    private static async Task<string> ReceiveAsync(TcpListener receiver)
    {
        using var connection = await receiver.AcceptTcpClientAsync();
        using var reader = new StreamReader(connection.GetStream());
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line["Content-Length: ".Length..]);
        }

        var body = new char[length];
        await reader.ReadBlockAsync(body);
        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        return new string(body);
    }

    /// <summary>What each call came to. Some clients write lines of their own.</summary>
    private async Task<Dictionary<string, JsonElement>> RunAsync(string client, params string[] more) =>
        (await LinesAsync(client, more)).Where(answer => answer.TryGetProperty("name", out _)).ToDictionary(answer => answer.GetProperty("name").GetString()!);

    private async Task<JsonElement[]> LinesAsync(string client, params string[] more) =>
        [.. (await ClientProgram.NodeAsync(client, [fixture.Server.Http, VendorHostsServer.Key, .. more])).Select(line => JsonDocument.Parse(line).RootElement)];
}
