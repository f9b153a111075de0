using System.Globalization;
using System.Net;
using System.Text;
using UCaptcha.Core.Notifications;
using UCaptcha.Server.Tests.Callbacks;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>Keys that were made at run time sign their callbacks, under secrets that go in and never come out.</summary>
public sealed class WebhookSecretsTests
{
    private const string First = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Second = "whsec_c2Vjb25kLXNlY29uZC1zZWNvbmQtc2Vjb25kLXM=";
    private static readonly string MasterKey = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly string OtherMasterKey = Convert.ToBase64String(Enumerable.Repeat((byte)2, 32).ToArray());
    private static readonly string ThirdMasterKey = Convert.ToBase64String(Enumerable.Repeat((byte)3, 32).ToArray());

    [Fact]
    public async Task Secret_SetRotatedAndEnded_SignsWithWhatIsInForce()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var server = await ServerProcess.StartAsync(Settings(MasterKey));
        using var admin = new AdminApi(server);
        var (id, text) = await MakeKeyAsync(admin);
        Assert.Empty(await SignersAsync(server, text, receiver));

        var set = await SetAsync(admin, id, First);
        Assert.True(set.GetProperty("callbacksSigned").GetBoolean());
        Assert.False(set.TryGetProperty("previousWebhookSecretUntil", out _));
        Assert.Equal([First], await SignersAsync(server, text, receiver));

        Assert.True((await SetAsync(admin, id, Second, overlapSeconds: 3600)).TryGetProperty("previousWebhookSecretUntil", out _));
        Assert.Equal([Second, First], await SignersAsync(server, text, receiver));

        await admin.PatchAsync($"/admin/v1/keys/{id}", """{"settings":{"speedWeight":10},"updateMask":"settings"}""");
        await admin.PostAsync($"/admin/v1/keys/{id}:rotate", """{"overlapSeconds":60}""");
        Assert.Equal([Second, First], await SignersAsync(server, text, receiver));

        await SetAsync(admin, id, Second);
        Assert.Equal([Second], await SignersAsync(server, text, receiver));
        await SetAsync(admin, id, "");
        Assert.Empty(await SignersAsync(server, text, receiver));

        await admin.GetAsync($"/admin/v1/keys/{id}");
        await admin.GetAsync("/admin/v1/audit");
        foreach (var secret in (string[])[First, Second])
        {
            Assert.DoesNotContain(admin.Answers, answer => answer.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(server.Program.Output, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Secret_MasterKeyChanged_IsSealedAnewAndSignsOn()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        var (id, text) = (0L, "");
        await using (var first = await ServerProcess.StartAsync(Settings(MasterKey), folder.Path))
        {
            using var admin = new AdminApi(first);
            (id, text) = await MakeKeyAsync(admin);
            await SetAsync(admin, id, First);
        }

        await AssertNotInFilesAsync(folder.Path, First);
        var settings = Settings(OtherMasterKey);
        settings["Secrets__PreviousKeys__0"] = MasterKey;
        await using (await ServerProcess.StartAsync(settings, folder.Path))
        {
            // It starts, and seals anew.
        }

        await using (var third = await ServerProcess.StartAsync(Settings(OtherMasterKey), folder.Path))
        {
            Assert.Equal([First], await SignersAsync(third, text, receiver));
            using var admin = new AdminApi(third);
            var row = Assert.Single((await admin.GetAsync("/admin/v1/audit?action=key.reseal")).GetProperty("entries").EnumerateArray());
            Assert.Equal(($"key/{id}", "system"), (row.GetProperty("subject").GetString(), row.GetProperty("actor").GetString()));
        }

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => ServerProcess.StartAsync(Settings(MasterKey), folder.Path));
        Assert.Contains("The webhook secrets of the key made are sealed under a master key", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_KeyRevokedAndMasterKeyChangedTwice_StillSignsWhatIsPending()
    {
        using var folder = new TemporaryFolder();
        var takes = false;
        await using var receiver = new Receiver(_ => Receiver.Status(Volatile.Read(ref takes) ? "200 OK" : "503 Service Unavailable"));
        await using (var first = await ServerProcess.StartAsync(Settings(MasterKey), folder.Path))
        {
            using var admin = new AdminApi(first);
            var (id, text) = await MakeKeyAsync(admin);
            await SetAsync(admin, id, First);
            Assert.Equal([First], await SignersAsync(first, text, receiver));
            await admin.PostAsync($"/admin/v1/keys/{id}:revoke", "{}");
        }

        foreach (var (now, before) in (IEnumerable<(string, string)>)[(OtherMasterKey, MasterKey), (ThirdMasterKey, OtherMasterKey)])
        {
            var settings = Settings(now);
            settings["Secrets__PreviousKeys__0"] = before;
            await using (await ServerProcess.StartAsync(settings, folder.Path))
            {
                // It starts, and seals anew.
            }
        }

        Volatile.Write(ref takes, true);
        var sent = receiver.Requests.Count;
        await using var last = await ServerProcess.StartAsync(Settings(ThirdMasterKey), folder.Path);
        using var again = new AdminApi(last);
        var callback = Assert.Single((await again.GetAsync("/admin/v1/callbacks")).GetProperty("callbacks").EnumerateArray());
        await again.PostAsync($"/admin/v1/callbacks/{callback.GetProperty("id").GetString()}:replay", "{}");
        await Eventually.TrueAsync(() => receiver.Requests.Count > sent);
        Assert.Equal([First], SignersOf(receiver.Requests.Last()));
    }

    [Fact]
    public async Task Set_WhatCannotBe_IsRefusedWithASentence()
    {
        await using var server = await ServerProcess.StartAsync(Settings(MasterKey));
        using var admin = new AdminApi(server);
        var (id, _) = await MakeKeyAsync(admin);

        await RefusedAsync("""{"secret":"hunter2"}""", "ERROR_BAD_PARAMETERS", "secret must be whsec_");
        await RefusedAsync("""{"secret":"whsec_c2hvcnQ="}""", "ERROR_BAD_PARAMETERS", "secret must be whsec_");
        await RefusedAsync($$"""{"secret":"{{First}}","overlapSeconds":-1}""", "ERROR_BAD_PARAMETERS", "overlapSeconds");
        Assert.Contains("configuration", await admin.RefusedAsync(
            HttpMethod.Post, "/admin/v1/keys/1:setWebhookSecret", $$"""{"secret":"{{First}}"}""", HttpStatusCode.BadRequest, "ERROR_NOT_POSSIBLE"));
        await admin.RefusedAsync(
            HttpMethod.Post, "/admin/v1/keys/99:setWebhookSecret", $$"""{"secret":"{{First}}"}""", HttpStatusCode.NotFound, "ERROR_NOT_FOUND");

        await using var without = await ServerProcess.StartAsync(Settings(masterKey: null));
        using var other = new AdminApi(without);
        var (otherId, _) = await MakeKeyAsync(other);
        Assert.Contains("UCaptcha:Secrets:MasterKey", await other.RefusedAsync(
            HttpMethod.Post, $"/admin/v1/keys/{otherId}:setWebhookSecret", $$"""{"secret":"{{First}}"}""", HttpStatusCode.BadRequest, "ERROR_NOT_POSSIBLE"));

        async Task RefusedAsync(string body, string reason, string said)
        {
            var sentence = await admin.RefusedAsync(HttpMethod.Post, $"/admin/v1/keys/{id}:setWebhookSecret", body, HttpStatusCode.BadRequest, reason);
            Assert.Contains(said, sentence);
            Assert.DoesNotContain("hunter2", sentence);
        }
    }

    private static Dictionary<string, string> Settings(string? masterKey)
    {
        var settings = new Dictionary<string, string>
        {
            ["Admin__Key"] = AdminApi.Key,
            ["Keys__configured__Key"] = "configured-key",
            ["Callbacks__AllowPrivateNetworks"] = "true",
        };
        if (masterKey is not null)
            settings["Secrets__MasterKey"] = masterKey;
        return settings;
    }

    private static async Task<(long Id, string Text)> MakeKeyAsync(AdminApi admin)
    {
        var made = await admin.PostAsync("/admin/v1/keys", """{"name":"made"}""");
        return (made.GetProperty("key").GetProperty("id").GetInt64(), made.GetProperty("text").GetString()!);
    }

    private static async Task<System.Text.Json.JsonElement> SetAsync(AdminApi admin, long id, string secret, int overlapSeconds = 0) =>
        (await admin.PostAsync($"/admin/v1/keys/{id}:setWebhookSecret", $$"""{"secret":"{{secret}}","overlapSeconds":{{overlapSeconds}}}""")).GetProperty("key");

    // Which of the two secrets signed the callback of a new task, in the order of the header.
    private static async Task<IReadOnlyList<string>> SignersAsync(ServerProcess server, string key, Receiver receiver)
    {
        var before = receiver.Requests.Count;
        using var api = new Api(server, key);
        await api.CreateAsync(more: $""","callbackUrl":"{receiver.Url}" """);
        await Eventually.TrueAsync(() => receiver.Requests.Count > before);
        return SignersOf(receiver.Requests.Last());
    }

    private static IReadOnlyList<string> SignersOf(string request)
    {
        if (Receiver.HeaderOf(request, "webhook-signature") is not { } signatures)
            return [];
        var id = Receiver.HeaderOf(request, "webhook-id")!;
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Receiver.HeaderOf(request, "webhook-timestamp")!, CultureInfo.InvariantCulture));
        var body = Encoding.UTF8.GetBytes(Receiver.BodyOf(request));
        return [.. signatures.Split(' ').Select(signature => Array.Find([First, Second], secret => Sign(secret, id, at, body) == signature) ?? "nobody's")];
    }

    private static string Sign(string secret, string id, DateTimeOffset at, byte[] body) =>
        WebhookSecret.TryParse(secret, out var parsed) ? parsed.Sign(id, at, body) : "";

    private static async Task AssertNotInFilesAsync(string folder, string secret)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "ucaptcha.db*"))
            Assert.DoesNotContain(secret, await File.ReadAllTextAsync(file, Encoding.Latin1));
    }
}
