using System.Net;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>Secrets that were planted are in no log line and no admin answer, whatever goes right or wrong.</summary>
public sealed class CanaryTests
{
    private const string ProviderKey = "emulated-account-key";
    private const string ProxyPassword = "canary-proxy-password";
    private const string AccountKey = "canary-account-credential";

    [Fact]
    public async Task Secrets_OfARunWithEverythingInIt_AreNowhere()
    {
        await using var scenario = await Scenario.StartAsync(
            ["good:capmonster,latency=30ms", "broke:twocaptcha,mode=broke", "dead:anticaptcha,mode=dead"],
            new Dictionary<string, string>
            {
                ["Admin__Key"] = AdminApi.Key,
                ["Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
                ["Callbacks__AllowPrivateNetworks"] = "true",
                ["Logging__LogLevel__Default"] = "Debug",
            });
        using var admin = new AdminApi(scenario.Server);
        await admin.PostAsync(
            "/admin/v1/accounts", $$"""{"slug":"extra","apiKey":"{{AccountKey}}","settings":{"kind":"generic","baseUrl":"http://127.0.0.1:9/"} }""");
        var key = (await admin.PostAsync("/admin/v1/keys", """{"name":"client"}""")).GetProperty("text").GetString()!;
        admin.Answers.RemoveAll(answer => answer.Contains(key, StringComparison.Ordinal));
        using var api = new Api(scenario.Server, key);
        var tokens = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var task = i % 2 == 0
                ? Api.Task()
                : $$"""{"type":"RecaptchaV2Task","websiteURL":"https://example.com","websiteKey":"{{Api.RecaptchaTestKey}}","proxyType":"http","proxyAddress":"203.0.113.9","proxyPort":8080,"proxyLogin":"u","proxyPassword":"{{ProxyPassword}}"}""";
            var end = await api.EndAsync(await api.CreateAsync(task, ""","callbackUrl":"http://127.0.0.1:9/canary-callback-path" """));
            if (end.TryGetProperty("solution", out var solution))
                tokens.Add(solution.GetProperty("gRecaptchaResponse").GetString()!);
        }

        Assert.NotEmpty(tokens);
        await api.PostAsync("/createTask", $$"""{"clientKey":"{{key}}","task":{"type":"RecaptchaV2Task","websiteURL":7,"proxyPassword":"{{ProxyPassword}}"} }""");
        await Eventually.TrueAsync(async () => (await admin.GetAsync("/admin/v1/callbacks")).ToString().Contains("tryCount", StringComparison.Ordinal));
        foreach (var path in (string[])["status", "customers", "keys", "accounts", "tasks", "ledger", "ledger:verify", "callbacks", "audit"])
            await admin.GetAsync($"/admin/v1/{path}");
        foreach (var task in (await admin.GetAsync("/admin/v1/tasks")).GetProperty("tasks").EnumerateArray())
            await admin.GetAsync($"/admin/v1/tasks/{task.GetProperty("id")}");
        await admin.MetricsAsync();
        await admin.RefusedAsync(
            HttpMethod.Patch, "/admin/v1/accounts/extra", $$"""{"apiKey":"{{AccountKey}}","updateMask":"nothing"}""", HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS");

        string[] secrets = [ProviderKey, ProxyPassword, AccountKey, AdminApi.Key, Scenario.Key, key, "canary-callback-path", .. tokens];
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(scenario.Server.Program.Output, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(admin.Answers, answer => answer.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Logging__LogLevel__Default")]
    [InlineData("Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics")]
    [InlineData("Logging__Console__LogLevel__Default")]
    [InlineData("Logging__Console__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics")]
    public async Task Secrets_InTheQueryOfAnOlderApi_AreNotLoggedWhateverTheLevel(string level)
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__test__Key"] = Scenario.Key, [level] = "Debug" });
        using var http = new HttpClient { BaseAddress = new Uri(server.Http) };

        foreach (var path in (string[])["/res.php?action=getbalance&key=", "/in.php?method=nothing&key=", "/api/user?authtoken="])
            (await http.GetAsync(path + Scenario.Key)).Dispose();
        await server.Program.StopAsync();

        Assert.DoesNotContain(server.Program.Output, line => line.Contains(Scenario.Key, StringComparison.Ordinal));
    }
}
