using System.Globalization;
using System.Net;
using System.Text.Json;
using UCaptcha.Server.Tests.Admin;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Nodes;

/// <summary>Nodes judge accounts and callers alike.</summary>
public sealed class JudgementTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Between two requests on the other node: 300 of them take longer than a node takes to tell what it has counted.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Breaker_OpenedByOneNode_IsOpenOnTheOtherAndItsResetToo()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["broke:capmonster,mode=broke,price=0.1", "good:anticaptcha,latency=50ms,price=1"]);
        using var a = new AdminApi(nodes.A);
        using var b = new AdminApi(nodes.B);

        await nodes.ApiA.EndAsync(await nodes.ApiA.CreateAsync());
        await Eventually.TrueAsync(async () => await BreakerAsync(b) == "open");
        var received = await nodes.Emulator.ReceivedAsync("broke");
        Assert.Equal("good", Scenario.AccountOf(await nodes.ApiB.EndAsync(await nodes.ApiB.CreateAsync())));

        Assert.Equal(received, await nodes.Emulator.ReceivedAsync("broke"));
        await a.PostAsync("/admin/v1/accounts/broke:reset");
        await Eventually.TrueAsync(async () => await BreakerAsync(b) == "closed");
    }

    [Fact]
    public async Task Records_OfTasksOnBothNodes_AddUpAndAreTheSame()
    {
        const int Each = 8;
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=50ms"]);
        using var a = new AdminApi(nodes.A);
        using var b = new AdminApi(nodes.B);

        await Task.WhenAll(new[] { nodes.ApiA, nodes.ApiB }.SelectMany(api => Enumerable.Range(0, Each).Select(async _ => await api.EndAsync(await api.CreateAsync()))));

        await Eventually.TrueAsync(async () => await RecordAsync(a) is { } record && record == await RecordAsync(b) && record.Contains($"\"samples\":{2 * Each}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_AfterABadReport_HaveTheFailureOnBothNodes()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster,latency=50ms"]);
        using var a = new AdminApi(nodes.A);
        using var b = new AdminApi(nodes.B);
        var id = await nodes.ApiA.CreateAsync();
        await nodes.ApiA.EndAsync(id);
        Assert.Equal(HttpStatusCode.OK, (await nodes.ApiA.PostAsync("/reportIncorrect", $$"""{"clientKey":"{{Scenario.Key}}","taskId":"{{id}}"}""")).Status);

        await nodes.ApiA.EndAsync(await nodes.ApiA.CreateAsync());

        await Eventually.TrueAsync(async () => await RecordAsync(a) is { } record && record == await RecordAsync(b) && record.Contains("\"samples\":2", StringComparison.Ordinal));
        Assert.Equal(1, await nodes.QueryAsync("SELECT round(failures)::bigint FROM statistics"));
    }

    [Fact]
    public async Task Limit_RequestsOnOneNode_CountOnTheOther()
    {
        const int Limit = 4000;
        const int OnTheOther = 250;
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster"], new Dictionary<string, string> { ["RateLimit__PerAddress"] = $"{Limit}" });
        using var a = new HttpClient { BaseAddress = new Uri(nodes.A.Http) };
        using var b = new HttpClient { BaseAddress = new Uri(nodes.B.Http) };

        // A window may end in between: then once more.
        var (window, own) = ("", 0);
        await Eventually.TrueAsync(async () =>
        {
            var (now, left) = await LeftAsync(b);
            if (now == window)
                return left <= Limit - OnTheOther - ++own;
            (window, own) = (now, 1);
            for (var i = 0; i < OnTheOther; i++)
                await LeftAsync(a);
            return false;
        });
    }

    [Fact]
    public async Task KeyLimit_UsedUpOnOneNode_RefusesOnTheOtherBeforeThatHasCountedSoMany()
    {
        const int Limit = 300;
        await using var nodes = await TwoNodes.StartAsync(postgres, ["a:capmonster"], new Dictionary<string, string> { ["Keys__test__RatePer10s"] = $"{Limit}" });
        using var a = new HttpClient { BaseAddress = new Uri(nodes.A.Http) };
        using var b = new HttpClient { BaseAddress = new Uri(nodes.B.Http) };

        // A window may end in between: then once more.
        await Eventually.TrueAsync(
            async () =>
            {
                var (window, admitted) = await UseAsync(a);
                for (var now = window; admitted && now == window;)
                    (now, admitted) = await UseAsync(a);
                if (admitted)
                    return false;
                for (var onTheOther = 0; ; onTheOther++)
                {
                    (var now, admitted) = await UseAsync(b);
                    if (now != window)
                        return false;
                    if (!admitted)
                        return onTheOther < Limit;
                    await Task.Delay(Pause);
                }
            },
            TimeSpan.FromSeconds(90));
    }

    private static async Task<string?> BreakerAsync(AdminApi admin) =>
        (await AccountAsync(admin, "broke")).GetProperty("health").GetProperty("breaker").GetString();

    private static async Task<string?> RecordAsync(AdminApi admin) =>
        (await AccountAsync(admin, "a")).TryGetProperty("records", out var records) ? records.GetRawText().Replace(" ", "", StringComparison.Ordinal) : null;

    private static async Task<JsonElement> AccountAsync(AdminApi admin, string slug) => (await admin.GetAsync($"/admin/v1/accounts/{slug}")).GetProperty("account");

    /// <summary>Whether the key may make one more request, and in which window that was.</summary>
    private static async Task<(string Window, bool Admitted)> UseAsync(HttpClient http)
    {
        using var answer = await http.PostAsync("/getBalance", new StringContent($$"""{"clientKey":"{{Scenario.Key}}"}"""));
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.StatusCode}");
        return (answer.Headers.GetValues("X-RateLimit-Reset").Single(), answer.StatusCode == HttpStatusCode.OK);
    }

    private static async Task<(string Window, int Left)> LeftAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/healthz");
        return (answer.Headers.GetValues("X-RateLimit-Reset").Single(), int.Parse(answer.Headers.GetValues("X-RateLimit-Remaining").Single(), CultureInfo.InvariantCulture));
    }
}
