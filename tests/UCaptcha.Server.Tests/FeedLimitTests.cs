using System.Net;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests;

/// <summary>A key has so many streams of ended tasks at once, and no more.</summary>
public sealed class FeedLimitTests
{
    [Fact]
    public async Task WatchTasks_OneStreamTooMany_IsRefusedUntilAnotherEnds()
    {
        await using var scenario = await Scenario.StartAsync(["a:capmonster"], new Dictionary<string, string> { ["Streams__MaxPerKey"] = "2" });
        using var http = new HttpClient();
        using var first = await OpenAsync(http, scenario);
        using var second = await OpenAsync(http, scenario);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);

        using var refused = await OpenAsync(http, scenario);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("This key may have 2 streams of watchTasks at once.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);

        first.Dispose();
        await Eventually.TrueAsync(async () =>
        {
            using var next = await OpenAsync(http, scenario);
            return next.StatusCode == HttpStatusCode.OK;
        });
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient http, Scenario scenario) => http.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, $"{scenario.Server.Http}/watchTasks?clientKey={Scenario.Key}&cursor=0"), HttpCompletionOption.ResponseHeadersRead);
}
