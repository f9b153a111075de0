using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>Provider accounts that come, change and go while the server runs.</summary>
public sealed class AccountsTests
{
    private const string Secret = "emulated-account-key";
    private static readonly string MasterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task Account_AddedAtRunTime_SolvesRestsAndGoes()
    {
        await using var emulator = await EmulatorProcess.StartAsync("late:capmonster,latency=100ms");
        await using var server = await ServerProcess.StartAsync(Settings());
        using var api = new Api(server, Scenario.Key);
        using var admin = new AdminApi(server);
        var added = (await admin.PostAsync("/admin/v1/accounts", Account(emulator, "late"))).GetProperty("account");
        Assert.True(added.GetProperty("enabled").GetBoolean());
        Assert.Equal("closed", added.GetProperty("health").GetProperty("breaker").GetString());
        Assert.Equal(345_678_000, added.GetProperty("health").GetProperty("balanceMicros").GetInt64());

        var id = await api.CreateAsync();
        Assert.Equal("late", Scenario.AccountOf(await api.EndAsync(id)));
        var attempt = (await admin.GetAsync($"/admin/v1/tasks/{id}")).GetProperty("attempts")[0];
        Assert.Equal("late", attempt.GetProperty("decision").GetProperty("chosen").GetString());
        Assert.Equal("solved", attempt.GetProperty("state").GetString());
        Assert.Equal(1, attempt.GetProperty("decision").GetProperty("ranking").GetArrayLength());
        var record = (await admin.GetAsync("/admin/v1/accounts/late")).GetProperty("account").GetProperty("records")[0];
        Assert.Equal("RecaptchaV2", record.GetProperty("family").GetString());

        var resting = (await admin.PostAsync("/admin/v1/accounts/late:disable")).GetProperty("account");
        Assert.False(resting.GetProperty("enabled").GetBoolean());
        var (status, _) = await api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        foreach (var name in (string[])["late", "LATE", "capmonster", "capmonster.cloud"])
        {
            var (refused, said) = await api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","provider":"{{name}}","task":{{Api.Task()}}}""");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "NO_PROVIDERS_AVAILABLE"), (refused, said.GetProperty("errorCode").GetString()));
            Assert.Contains("rests", said.GetProperty("errorDescription").GetString());
        }

        await admin.PostAsync("/admin/v1/accounts/late:enable");
        Assert.Equal("late", Scenario.AccountOf(await api.EndAsync(await api.CreateAsync())));

        var changed = (await admin.PatchAsync(
            "/admin/v1/accounts/late", """{"settings":{"maxConcurrent":7},"updateMask":"settings.maxConcurrent"}""")).GetProperty("account");
        Assert.Equal(7, changed.GetProperty("health").GetProperty("maxConcurrent").GetInt32());
        Assert.Equal(50, changed.GetProperty("settings").GetProperty("firstPollMs").GetInt32());
        // A stored key is sent to no address that it was not given for.
        var elsewhere = await admin.RefusedAsync(
            HttpMethod.Patch, "/admin/v1/accounts/late", """{"settings":{"baseUrl":"http://127.0.0.1:9"},"updateMask":"settings.baseUrl"}""", HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");
        Assert.Contains("apiKey", elsewhere);
        await admin.PatchAsync("/admin/v1/accounts/late", """{"apiKey":"another-key","updateMask":"apiKey"}""");
        var updates = (await admin.GetAsync("/admin/v1/audit?action=account.update")).GetProperty("entries");
        Assert.Equal([true, false], updates.EnumerateArray().Select(entry => entry.GetProperty("after").GetString()!.Contains("\"apiKey\":\"(replaced)\"", StringComparison.Ordinal)));
        await admin.DeleteAsync("/admin/v1/accounts/late");
        await admin.RefusedAsync(HttpMethod.Get, "/admin/v1/accounts/late", null, HttpStatusCode.NotFound, "ERROR_NOT_FOUND");
    }

    [Fact]
    public async Task Account_RemovedUnderTasks_TheyComeToTheirEnd()
    {
        await using var emulator = await EmulatorProcess.StartAsync("slow:capmonster,latency=2s");
        await using var server = await ServerProcess.StartAsync(Settings());
        using var api = new Api(server, Scenario.Key);
        using var admin = new AdminApi(server);
        await admin.PostAsync("/admin/v1/accounts", Account(emulator, "slow"));
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.CreateAsync()));
        await Eventually.TrueAsync(async () => await emulator.ReceivedAsync("slow") == 20);
        await admin.DeleteAsync("/admin/v1/accounts/slow");
        foreach (var id in ids)
            Assert.Equal("ready", (await api.EndAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Account_ThatIsFullGoes_ThoseWhoWaitChooseAnew()
    {
        await using var emulator = await EmulatorProcess.StartAsync("one:capmonster,latency=20s", "two:capmonster,latency=100ms");
        await using var server = await ServerProcess.StartAsync(Settings());
        using var api = new Api(server, Scenario.Key);
        using var admin = new AdminApi(server);
        await admin.PostAsync("/admin/v1/accounts", Account(emulator, "one", ""","maxConcurrent":1"""));
        await api.CreateAsync();
        await Eventually.TrueAsync(async () => await emulator.ReceivedAsync("one") == 1);
        var waiting = await api.CreateAsync();
        await admin.PostAsync("/admin/v1/accounts", Account(emulator, "two"));
        Assert.Equal("two", Scenario.AccountOf(await api.EndAsync(waiting)));
        await admin.DeleteAsync("/admin/v1/accounts/one");
    }

    [Fact]
    public async Task Restart_UnderTheSameKey_KeepsAccountsAndSealsThemAnewUnderANewOne()
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync("kept:capmonster,latency=50ms");
        await using (var first = await ServerProcess.StartAsync(Settings(), folder.Path))
        {
            using var admin = new AdminApi(first);
            await admin.PostAsync("/admin/v1/accounts", Account(emulator, "kept"));
        }

        await AssertNotInFilesAsync(folder.Path, Secret);
        var rotated = Settings();
        rotated["Secrets__MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Assert.Contains("kept", await StartFailsAsync(rotated, folder.Path));
        var both = new Dictionary<string, string>(rotated) { ["Secrets__PreviousKeys__0"] = MasterKey };
        await using (var second = await ServerProcess.StartAsync(both, folder.Path))
            await second.Program.StopAsync();

        await using var third = await ServerProcess.StartAsync(rotated, folder.Path);
        using var api = new Api(third, Scenario.Key);
        Assert.Equal("kept", Scenario.AccountOf(await api.EndAsync(await api.CreateAsync())));
        using var again = new AdminApi(third);
        var row = Assert.Single((await again.GetAsync("/admin/v1/audit?action=account.update")).GetProperty("entries").EnumerateArray());
        Assert.Equal(("account/kept", "system"), (row.GetProperty("subject").GetString(), row.GetProperty("actor").GetString()));
        Assert.Contains("\"sealedUnder\"", row.GetProperty("after").GetString());
    }

    [Fact]
    public async Task Account_BadRequests_AreRefusedWithSentences()
    {
        await using var emulator = await EmulatorProcess.StartAsync("fixed:capmonster");
        var settings = Settings();
        foreach (var (name, value) in emulator.Account("fixed", "capmonster"))
            settings[name] = value;
        await using var server = await ServerProcess.StartAsync(settings);
        using var admin = new AdminApi(server);
        await RefusedAsync("""{"slug":"x","settings":{"kind":"capmunster"},"apiKey":"k"}""", "capmonster, anticaptcha");
        await RefusedAsync("""{"slug":"x","settings":{"kind":"capmonster"}}""", "apiKey is missing");
        await RefusedAsync("""{"slug":"no spaces","settings":{"kind":"capmonster"},"apiKey":"k"}""", "letters, digits");
        await RefusedAsync("""{"slug":"x","settings":{"kind":"capmonster","prices":{"HCaptcha":-1}},"apiKey":"k"}""", "HCaptcha");
        await RefusedAsync("""{"slug":"x","apiKey":"k"}""", "settings is missing");
        await RefusedAsync("""{"slug":"x","settings":{"kind":"capmonster","baseUrl":"http://user:password@127.0.0.1/"},"apiKey":"k"}""", "baseUrl");
        await RefusedAsync("""{"slug":"x","settings":{"kind":"capmonster","baseUrl":"http://127.0.0.1/?key=secret"},"apiKey":"k"}""", "baseUrl");
        await admin.RefusedAsync(
            HttpMethod.Post, "/admin/v1/accounts", """{"slug":"fixed","settings":{"kind":"capmonster"},"apiKey":"k"}""", HttpStatusCode.Conflict, "ERROR_ALREADY_EXISTS");
        await admin.RefusedAsync(HttpMethod.Delete, "/admin/v1/accounts/fixed", null, HttpStatusCode.BadRequest, "ERROR_NOT_POSSIBLE");
        await admin.RefusedAsync(
            HttpMethod.Patch, "/admin/v1/accounts/fixed", """{"updateMask":"slug"}""", HttpStatusCode.BadRequest, "ERROR_NOT_POSSIBLE");
        Assert.False((await admin.PostAsync("/admin/v1/accounts/fixed:disable")).GetProperty("account").GetProperty("enabled").GetBoolean());
        Assert.True((await admin.PostAsync("/admin/v1/accounts/fixed:enable")).GetProperty("account").GetProperty("enabled").GetBoolean());

        async Task RefusedAsync(string body, string said) =>
            Assert.Contains(said, await admin.RefusedAsync(HttpMethod.Post, "/admin/v1/accounts", body, HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS"));
    }

    [Fact]
    public async Task Account_WithoutMasterKey_IsRefused()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key });
        using var admin = new AdminApi(server);
        var said = await admin.RefusedAsync(
            HttpMethod.Post, "/admin/v1/accounts", """{"slug":"x","settings":{"kind":"capmonster"},"apiKey":"k"}""", HttpStatusCode.BadRequest, "ERROR_NOT_POSSIBLE");
        Assert.Contains("UCaptcha:Secrets:MasterKey", said);
    }

    [Fact]
    public async Task Breaker_OfAnAccountWithoutMoney_OpensAndIsReset()
    {
        await using var emulator = await EmulatorProcess.StartAsync("broke:capmonster,mode=broke");
        var settings = Settings();
        foreach (var (name, value) in emulator.Account("broke", "capmonster"))
            settings[name] = value;
        await using var server = await ServerProcess.StartAsync(settings);
        using var api = new Api(server, Scenario.Key);
        using var admin = new AdminApi(server);
        await api.CreateAsync();
        JsonElement health = default;
        await Eventually.TrueAsync(async () =>
            (health = (await admin.GetAsync("/admin/v1/accounts/broke")).GetProperty("account").GetProperty("health")).GetProperty("breaker").GetString() == "open");
        Assert.Equal("ERROR_ZERO_BALANCE", health.GetProperty("reason").GetString());
        var reset = (await admin.PostAsync("/admin/v1/accounts/broke:reset")).GetProperty("account");
        Assert.True(reset.GetProperty("enabled").GetBoolean());
        var entry = (await admin.GetAsync("/admin/v1/audit?action=account.reset")).GetProperty("entries")[0];
        Assert.Contains("\"breaker\":\"open\"", entry.GetProperty("before").GetString());
        Assert.Contains("\"reason\":\"ERROR_ZERO_BALANCE\"", entry.GetProperty("before").GetString());
        Assert.Contains("\"breaker\":\"closed\"", entry.GetProperty("after").GetString());
        Assert.Equal("127.0.0.1", entry.GetProperty("address").GetString());
    }

    [Fact]
    public async Task Reset_OfAnAccountThatRestsForLongerThanATaskHasTime_LetsTasksInAtOnce()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster,latency=20ms,mode=badkey"], new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key });
        using var admin = new AdminApi(scenario.Server);
        await scenario.Api.EndAsync(await scenario.Api.CreateAsync());
        Assert.Equal("open", (await admin.GetAsync("/admin/v1/accounts/a")).GetProperty("account").GetProperty("health").GetProperty("breaker").GetString());
        await scenario.Emulator.ChangeAsync("a", "mode", "ok");

        await admin.PostAsync("/admin/v1/accounts/a:reset");

        Assert.Equal("ready", (await scenario.Api.EndAsync(await scenario.Api.CreateAsync())).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Start_TheOnlyAccountIsADisabledSandbox_ThereIsNone()
    {
        var settings = Settings();
        settings["Providers__sandbox__Enabled"] = "false";
        await using var server = await ServerProcess.StartAsync(settings);
        using var api = new Api(server, Scenario.Key);
        using var admin = new AdminApi(server);

        var (_, refused) = await api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task()}}}""");

        Assert.Equal("NO_PROVIDERS_AVAILABLE", refused.GetProperty("errorCode").GetString());
        Assert.False(Assert.Single((await admin.GetAsync("/admin/v1/accounts")).GetProperty("accounts").EnumerateArray()).GetProperty("enabled").GetBoolean());
    }

    private static Dictionary<string, string> Settings() => new()
    {
        ["Admin__Key"] = AdminApi.Key,
        ["Secrets__MasterKey"] = MasterKey,
        ["Keys__test__Key"] = Scenario.Key,
    };

    private static string Account(EmulatorProcess emulator, string instance, string more = "") =>
        $$"""
        {
            "slug": "{{instance}}", "apiKey": "{{Secret}}",
            "settings": { "kind": "capmonster", "baseUrl": "{{emulator.Address}}/{{instance}}", "firstPollMs": 50, "pollIntervalMs": 50{{more}} }
        }
        """;

    private static async Task<string> StartFailsAsync(Dictionary<string, string> settings, string folder)
    {
        var environment = settings.ToDictionary(setting => $"UCaptcha__{setting.Key}", setting => setting.Value);
        environment["UCaptcha__DataDirectory"] = folder;
        foreach (var surface in (string[])["Http", "Grpc", "Admin"])
            environment[$"UCaptcha__{surface}__Url"] = "http://127.0.0.1:0";
        await using var program = ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], environment);
        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.DoesNotContain(program.Output, line => line.StartsWith("   at ", StringComparison.Ordinal));
        return string.Join('\n', program.Output);
    }

    private static async Task AssertNotInFilesAsync(string folder, string secret)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "ucaptcha.db*"))
            Assert.DoesNotContain(secret, await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1));
    }
}
