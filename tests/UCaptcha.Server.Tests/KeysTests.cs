using System.Net;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>Keys, from configuration and made at first start.</summary>
public sealed class KeysTests
{
    [Fact]
    public async Task Start_WithoutKeys_MakesOneAndPrintsItOnceOnly()
    {
        using var folder = new TemporaryFolder();
        string key;
        await using (var first = await ServerProcess.StartAsync(dataFolder: folder.Path))
        {
            key = first.FirstKey!;
            Assert.Matches("^ucap_[A-Za-z0-9]{32}$", key);
            Assert.Equal(0, await first.Program.StopAsync());
        }

        await using var second = await ServerProcess.StartAsync(dataFolder: folder.Path);
        Assert.Null(second.FirstKey);
        using var api = new Api(second, key);
        Assert.Equal(1000, await api.BalanceAsync());
        Assert.DoesNotContain(second.Program.Output, line => line.Contains(key, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(folder.Path, "ucaptcha.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(key, await reader.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task CreateTask_DomainNotOfTheKey_IsForbidden()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__narrow__Key"] = "narrow-key",
            ["Keys__narrow__AllowedDomains__0"] = "example.com",
            ["DeniedDomains__0"] = "bank.example.com",
        });
        using var api = new Api(server, "narrow-key");
        await api.CreateAsync(Api.Task(url: "https://shop.example.com/cart"));
        await AssertDomainRefusedAsync(api, "https://example.org/");
        await AssertDomainRefusedAsync(api, "https://login.bank.example.com/");
        await AssertDomainRefusedAsync(api, "https://notexample.com/");
    }

    [Fact]
    public async Task Call_FromAnAddressNotOfTheKey_IsForbidden()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Keys__far__Key"] = "far-key-1",
            ["Keys__far__AllowedAddresses__0"] = "203.0.113.0/24",
            ["Keys__near__Key"] = "near-key-1",
            ["Keys__near__AllowedAddresses__0"] = "127.0.0.1",
        });
        using var near = new Api(server, "near-key-1");
        Assert.Equal(1000, await near.BalanceAsync());
        var (status, body) = await near.PostAsync("/getBalance", """{"clientKey":"far-key-1"}""");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("ERROR_IP_NOT_ALLOWED", body.GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task Start_AKeyIsNotConfiguredAnyMore_IsRevokedAndTheLogSaysSo()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Keys__a__Key"] = "key-of-a", ["Keys__b__Key"] = "key-of-b" };
        await using (await ServerProcess.StartAsync(settings, folder.Path))
        {
        }

        settings.Remove("Keys__b__Key");
        await using var server = await ServerProcess.StartAsync(settings, folder.Path);
        await server.Program.WaitForLineAsync(line => line.Contains("Key b is not among this server's configured keys", StringComparison.Ordinal));
        using var b = new Api(server, "key-of-b");
        var (_, body) = await b.PostAsync("/getBalance", """{"clientKey":"key-of-b"}""");
        Assert.Equal("ERROR_KEY_DOES_NOT_EXIST", body.GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task GetTaskResult_OfAnotherKey_IsUnknown()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__a__Key"] = "key-of-a", ["Keys__b__Key"] = "key-of-b" });
        using var a = new Api(server, "key-of-a");
        using var b = new Api(server, "key-of-b");
        var id = await a.CreateAsync();
        Assert.Equal("ERROR_WRONG_CAPTCHA_ID", (await b.ResultAsync(id)).GetProperty("errorCode").GetString());
        await a.EndAsync(id);
        Assert.Equal("ERROR_WRONG_CAPTCHA_ID", (await b.ResultAsync(id)).GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task CreateTask_SameRequestId_IsTheSameTaskAndAnotherContentIsRefused()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__a__Key"] = "key-of-a" });
        using var api = new Api(server, "key-of-a");
        var id = await api.CreateAsync(more: ""","requestId":"once" """);
        Assert.Equal(id, await api.CreateAsync(more: ""","requestId":"once" """));
        await api.EndAsync(id);
        Assert.Equal(id, await api.CreateAsync(more: ""","requestId":"once" """));
        var (status, body) = await api.PostAsync(
            "/createTask", $$"""{"clientKey":"key-of-a","requestId":"once","task":{{Api.Task(url: "https://example.org")}}}""");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("ERROR_DUPLICATE_REQUEST", body.GetProperty("errorCode").GetString());
    }

    private static async Task AssertDomainRefusedAsync(Api api, string url)
    {
        var (status, body) = await api.PostAsync("/createTask", $$"""{"clientKey":"narrow-key","task":{{Api.Task(url: url)}}}""");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("ERROR_DOMAIN_NOT_ALLOWED", body.GetProperty("errorCode").GetString());
    }
}
