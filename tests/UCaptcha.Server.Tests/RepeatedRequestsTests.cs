using System.Net;
using System.Text.Json;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>A request that comes again finds its task, also when it would be refused by now.</summary>
public sealed class RepeatedRequestsTests
{
    private static readonly string[] Accounts = ["named:capmonster,latency=30ms", "other:twocaptcha,latency=30ms"];

    [Theory]
    [InlineData("Keys__test__AllowedDomains__0", "example.net", HttpStatusCode.Forbidden, "ERROR_DOMAIN_NOT_ALLOWED", "this key")]
    [InlineData("DeniedDomains__0", "example.com", HttpStatusCode.Forbidden, "ERROR_DOMAIN_NOT_ALLOWED", "this server")]
    [InlineData("Keys__test__BlockedProviders__0", "named", HttpStatusCode.ServiceUnavailable, "NO_PROVIDERS_AVAILABLE", "this key may use")]
    [InlineData("Providers__named__Enabled", "false", HttpStatusCode.ServiceUnavailable, "NO_PROVIDERS_AVAILABLE", "rests")]
    [InlineData("Providers__named", null, HttpStatusCode.BadRequest, "ERROR_BAD_PARAMETERS", "no configured account")]
    public async Task CreateTask_RepeatedWhenItIsNotAllowedAnyMore_FindsItsTask(
        string setting, string? value, HttpStatusCode status, string code, string said)
    {
        using var folder = new TemporaryFolder();
        await using var emulator = await EmulatorProcess.StartAsync(Accounts);
        var settings = Scenario.Settings(emulator, Accounts, null);
        string id;
        await using (var first = await ServerProcess.StartAsync(settings, folder.Path))
        {
            using var api = new Api(first, Scenario.Key);
            id = await api.CreateAsync(more: Named("once"));
            await api.EndAsync(id);
        }

        var changed = settings.Where(known => value is not null || !known.Key.StartsWith(setting, StringComparison.Ordinal)).ToDictionary();
        if (value is not null)
            changed[setting] = value;
        await using var second = await ServerProcess.StartAsync(changed, folder.Path);
        using var again = new Api(second, Scenario.Key);

        var (repeated, task) = await CreateAsync(again, Named("once"));
        Assert.True(repeated == HttpStatusCode.OK, task.ToString());
        Assert.Equal((id, "ready"), (task.GetProperty("taskId").GetString(), task.GetProperty("status").GetString()));
        await RefusedAsync(again, Named("once"), "https://www.example.com", HttpStatusCode.Conflict, "ERROR_DUPLICATE_REQUEST", "requestId");
        await RefusedAsync(again, Named("another"), "https://example.com", status, code, said);
        Assert.Equal(1, await emulator.ReceivedAsync("named"));
    }

    private static string Named(string requestId) => $$""","provider":"named","requestId":"{{requestId}}" """;

    private static Task<(HttpStatusCode Status, JsonElement Body)> CreateAsync(Api api, string more, string url = "https://example.com") =>
        api.PostAsync("/createTask", $$"""{"clientKey":"{{Scenario.Key}}","task":{{Api.Task(url: url)}}{{more}}}""");

    private static async Task RefusedAsync(Api api, string more, string url, HttpStatusCode status, string code, string said)
    {
        var (actual, body) = await CreateAsync(api, more, url);
        Assert.Equal((status, code), (actual, body.GetProperty("errorCode").GetString()));
        Assert.Contains(said, body.GetProperty("errorDescription").GetString());
    }
}
