using System.Globalization;
using System.Text;
using UCaptcha.Core.Notifications;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.Server.Tests.Callbacks;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>A node goes, and another one has the tasks of a key that was made there a moment before.</summary>
public sealed class KeysOfOthersTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly string MasterKey = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callback_OfAKeyMadeOnTheNodeThatIsGone_IsSignedByTheOther(bool killed)
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=600s"], new Dictionary<string, string>
        {
            ["Secrets__MasterKey"] = MasterKey,
            ["Callbacks__AllowPrivateNetworks"] = "true",
        });
        using var admin = new AdminApi(nodes.A);
        var made = await admin.PostAsync("/admin/v1/keys", """{"name":"made"}""");
        var id = made.GetProperty("key").GetProperty("id").GetInt64();
        await admin.PostAsync($"/admin/v1/keys/{id}:setWebhookSecret", $$"""{"secret":"{{Secret}}"}""");
        using var api = new Api(nodes.A, made.GetProperty("text").GetString()!);
        // Killed while it submits, it would leave it open whether the account has the task.
        await api.CreateAsync(more: $""","callbackUrl":"{receiver.Url}" """);
        await Eventually.TrueAsync(async () => await nodes.QueryAsync("SELECT count(*) FROM attempts WHERE state = 1") == 1);
        await (killed ? nodes.A.Program.KillAsync() : nodes.A.Program.StopAsync());
        await nodes.Emulator.ChangeAsync("a", "latency", "0ms");

        await Eventually.TrueAsync(async () => await nodes.QueryAsync("SELECT count(*) FROM callbacks WHERE state = 1") == 1);

        Assert.Equal(1, await nodes.Emulator.ReceivedAsync("a"));
        Assert.All(receiver.Requests, AssertSigned);
        Assert.Contains("\"ready\"", Receiver.BodyOf(Assert.Single(receiver.Requests)));
    }

    [Fact]
    public async Task Stop_TaskOfAKeyMadeThere_GoesOnUnderItsSettings()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["blocked:capmonster,latency=20ms", "bad:twocaptcha,latency=600s,mode=unsolvable"]);
        using var admin = new AdminApi(nodes.A);
        var made = await admin.PostAsync("/admin/v1/keys", """{"name":"made","settings":{"blockedProviders":["blocked"]}}""");
        using var a = new Api(nodes.A, made.GetProperty("text").GetString()!);
        var id = await a.CreateAsync();
        await Eventually.TrueAsync(async () => await nodes.QueryAsync("SELECT count(*) FROM attempts WHERE state = 1") == 1);
        await nodes.A.Program.StopAsync();
        await nodes.Emulator.ChangeAsync("bad", "latency", "0ms");

        await Eventually.TrueAsync(async () => await nodes.QueryAsync("SELECT count(*) FROM tasks WHERE state >= 3") == 1);

        using var b = new Api(nodes.B, made.GetProperty("text").GetString()!);
        Assert.Equal("failed", (await b.EndAsync(id)).GetProperty("status").GetString());
        Assert.Equal(0, await nodes.Emulator.ReceivedAsync("blocked"));
        Assert.Equal(1, await nodes.Emulator.ReceivedAsync("bad"));
    }

    private static void AssertSigned(string request)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Receiver.HeaderOf(request, "webhook-timestamp")!, CultureInfo.InvariantCulture));
        Assert.True(WebhookSecret.TryParse(Secret, out var secret));
        Assert.Equal(
            secret.Sign(Receiver.HeaderOf(request, "webhook-id")!, at, Encoding.UTF8.GetBytes(Receiver.BodyOf(request))),
            Receiver.HeaderOf(request, "webhook-signature"));
    }
}
