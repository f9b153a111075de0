using System.Net;
using System.Text.Json;
using UCaptcha.Server.Tests.Admin;
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
    public async Task Start_TextsOfKeysMoved_EachIsTheKeyThatTheConfigurationSays()
    {
        using var folder = new TemporaryFolder();
        await using (await ServerProcess.StartAsync(Texts("text-of-one", "text-of-two"), folder.Path))
        {
        }

        await using (await ServerProcess.StartAsync(Texts("text-of-two", "text-of-one"), folder.Path))
        {
        }

        await using var server = await ServerProcess.StartAsync(Texts("text-of-one", "text-of-six"), folder.Path);
        using var api = new Api(server, "text-of-one");
        Assert.Equal(1, await api.BalanceAsync());
        using var second = new Api(server, "text-of-six");
        Assert.Equal(2, await second.BalanceAsync());

        static Dictionary<string, string> Texts(string primary, string secondary) => new()
        {
            ["Keys__primary__Key"] = primary,
            ["Keys__primary__BudgetUsd"] = "1",
            ["Keys__secondary__Key"] = secondary,
            ["Keys__secondary__BudgetUsd"] = "2",
        };
    }

    [Fact]
    public async Task Start_TextOfAKeyMadeAtRunTime_IsRefusedWithASentence()
    {
        using var folder = new TemporaryFolder();
        string made;
        await using (var first = await ServerProcess.StartAsync(dataFolder: folder.Path))
            made = first.FirstKey!;

        await using var program = ServerProcess.Launch(new Dictionary<string, string> { ["Keys__main__Key"] = made }, folder.Path);

        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(program.Output, line => line.StartsWith("UCaptcha:Keys:main:Key is the text of the key first, which was made at run time", StringComparison.Ordinal));
        Assert.DoesNotContain(program.Output, line => line.Contains(made, StringComparison.Ordinal) || line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NameOfAnotherCustomersKey_IsRefusedWithASentence()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key, ["Keys__a__Key"] = "key-of-a" };
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var admin = new AdminApi(first);
            await admin.PostAsync("/admin/v1/customers", """{"name":"acme"}""");
            await admin.PostAsync("/admin/v1/keys", """{"name":"main","customerId":2}""");
        }

        settings["Keys__main__Key"] = "key-of-main";
        await using var program = ServerProcess.Launch(settings, folder.Path);

        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(program.Output, line => line.StartsWith("UCaptcha:Keys:main has the name of a key of customer 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_FirstKeyWasRevoked_IsMadeUnderAnotherNameAndTheOldOneStaysRevoked()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key };
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var before = new AdminApi(first);
            await before.PostAsync("/admin/v1/keys/1:revoke");
        }

        await using var server = await ServerProcess.StartAsync(settings, folder.Path);
        using var admin = new AdminApi(server);
        using var api = new Api(server, server.FirstKey!);

        Assert.Equal(1000, await api.BalanceAsync());
        Assert.Equal(JsonValueKind.String, (await admin.GetAsync("/admin/v1/keys/1")).GetProperty("key").GetProperty("revokedAt").ValueKind);
        Assert.Equal("first-2", (await admin.GetAsync("/admin/v1/keys/2")).GetProperty("key").GetProperty("name").GetString());
        var made = (await admin.GetAsync("/admin/v1/audit?action=key.create")).GetProperty("entries").EnumerateArray();
        Assert.Equal(["key/2", "key/1"], made.Select(entry => entry.GetProperty("subject").GetString()));
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
