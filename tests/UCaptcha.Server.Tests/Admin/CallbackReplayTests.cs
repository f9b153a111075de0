using System.Text.Json;
using UCaptcha.Server.Tests.Callbacks;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>A callback that an administrator sends again.</summary>
public sealed class CallbackReplayTests
{
    [Fact]
    public async Task Replay_OfADeliveredCallback_ComesOnceMoreUnderTheSameIdAndBothTriesAreListed()
    {
        await using var receiver = new Receiver(_ => Receiver.Status("200 OK"));
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Admin__Key"] = AdminApi.Key,
            ["Keys__test__Key"] = Scenario.Key,
            ["Keys__test__WebhookSecrets__0"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ["Callbacks__AllowPrivateNetworks"] = "true",
        });
        using var admin = new AdminApi(server);
        using var api = new Api(server, Scenario.Key);
        var task = await api.CreateAsync(more: $""","callbackUrl":"{receiver.Url}" """);
        var id = await DeliveredAsync(admin, tries: 1);

        // What is delivered is not tried again by itself.
        var replayed = (await admin.PostAsync($"/admin/v1/callbacks/{id}:replay")).GetProperty("callback");
        Assert.Equal((id, task), (replayed.GetProperty("id").GetString(), replayed.GetProperty("taskId").GetString()));
        Assert.Equal(id, await DeliveredAsync(admin, tries: 2));

        Assert.Equal([id, id], receiver.Requests.Select(request => Receiver.HeaderOf(request, "webhook-id")));
        Assert.All(receiver.Requests, request => Assert.Contains(task, Receiver.BodyOf(request)));
        var tries = (await admin.GetAsync($"/admin/v1/callbacks/{id}")).GetProperty("tries").EnumerateArray();
        Assert.Equal([(1, "status 200"), (2, "status 200")], tries.Select(one => (one.GetProperty("number").GetInt32(), one.GetProperty("outcome").GetString()!)));
    }

    private static async Task<string> DeliveredAsync(AdminApi admin, int tries)
    {
        JsonElement callbacks = default;
        await Eventually.TrueAsync(async () =>
            (await admin.GetAsync("/admin/v1/callbacks?state=delivered")).TryGetProperty("callbacks", out callbacks)
            && callbacks[0].GetProperty("tryCount").GetInt32() == tries);
        return Assert.Single(callbacks.EnumerateArray()).GetProperty("id").GetString()!;
    }
}
