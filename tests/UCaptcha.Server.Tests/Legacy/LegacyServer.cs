using System.Net;
using System.Text.Json;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Legacy;

/// <summary>A server with one emulated account that takes every type, and a plain HTTP client.</summary>
public sealed class LegacyServer : IAsyncLifetime
{
    public const string Key = "legacy-key-1";
    public const string OtherKey = "legacy-key-2";
    public const string PoorKey = "legacy-key-poor";
    public const string VendorPrefix = "/twocaptcha";

    private Scenario _scenario = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _scenario = await Scenario.StartAsync(["all:generic,latency=100ms,price=2.5"], new Dictionary<string, string>
        {
            ["Keys__one__Key"] = Key,
            ["Keys__two__Key"] = OtherKey,
            ["Keys__poor__Key"] = PoorKey,
            ["Keys__poor__BudgetUsd"] = "0.0001",
            ["Providers__all__Prices__RecaptchaV2"] = "2.5",
            ["Http__TrustedProxies__0"] = "127.0.0.1",
        });
        Http = new HttpClient { BaseAddress = new Uri(_scenario.Server.Http) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _scenario.DisposeAsync();
    }

    /// <summary>The task object that the account was sent last.</summary>
    public async Task<JsonElement> LastTaskAsync() =>
        (await _scenario.Emulator.ReportAsync("all")).GetProperty("tasks").EnumerateArray().Last().GetProperty("body");

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, HttpContent content)
    {
        using var response = await Http.PostAsync(path, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Asks until the answer no longer has a text.</summary>
    public async Task<string> PollAsync(string path, params string[] pending)
    {
        var answer = "";
        await Eventually.TrueAsync(async () => !pending.Any((answer = (await GetAsync(path)).Body).Contains));
        return answer;
    }

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
