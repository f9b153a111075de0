using System.Net;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.Admin;

/// <summary>/metrics, in Prometheus' text format.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterSolvesAndFailures_SayWhatHappened()
    {
        await using var scenario = await Scenario.StartAsync(
            ["good:capmonster,latency=50ms,price=0.5", "bad:twocaptcha,mode=broke"], new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key });
        using var admin = new AdminApi(scenario.Server);
        Assert.Equal(345.678, await scenario.Api.BalanceAsync());
        foreach (var id in await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scenario.Api.CreateAsync())))
            await scenario.Api.EndAsync(id);
        ExpositionParser metrics = null!;
        await Eventually.TrueAsync(async () =>
            (metrics = ExpositionParser.Parse(await admin.MetricsAsync())).Sum("ucaptcha_tasks_ended_total") == 8);
        Assert.Equal(8, metrics.Samples["""ucaptcha_tasks_created_total{family="RecaptchaV2"}"""]);
        Assert.Equal(8, metrics.Samples["""ucaptcha_tasks_ended_total{family="RecaptchaV2",outcome="ready"}"""]);
        Assert.Equal(8, metrics.Samples["""ucaptcha_attempts_total{account="good",family="RecaptchaV2",outcome="solved",error_class=""}"""]);
        Assert.Equal(8, metrics.Samples["""ucaptcha_attempt_solve_time_seconds_count{account="good",family="RecaptchaV2"}"""]);
        Assert.True(metrics.Sum("""ucaptcha_spend_micros_total{account="good" """.TrimEnd()) > 0);
        Assert.Equal(0, metrics.Samples["ucaptcha_tasks_unfinished"]);
        Assert.Equal(0, metrics.Samples["""ucaptcha_account_in_flight{account="good"}"""]);
        Assert.Contains("""ucaptcha_account_breaker{account="bad"}""", metrics.Samples.Keys);
        Assert.Equal(345_678_000, metrics.Samples["""ucaptcha_account_balance_micros{account="good"}"""]);
        Assert.Equal(0, metrics.Samples["""ucaptcha_account_balance_micros{account="bad"}"""]);
        Assert.True(metrics.Samples["""ucaptcha_requests_total{method="CreateTask",surface="json",code="OK"}"""] >= 8);
        Assert.True(metrics.Sum("""ucaptcha_upstream_requests_total{account="good",method="getTaskResult" """.TrimEnd()) >= 8);
        Assert.True(metrics.Samples["ucaptcha_store_commit_duration_seconds_count"] > 0);
        Assert.Equal(0, metrics.Samples["ucaptcha_store_queue"]);
        Assert.Equal(1, metrics.Samples["ucaptcha_store_up"]);
        Assert.True(metrics.Samples["ucaptcha_store_size_bytes"] > 100_000);
        Assert.True(metrics.Samples["ucaptcha_store_tasks_unfinished_age_seconds"] >= 0);
        Assert.True(metrics.Samples["process_resident_memory_bytes"] > 1_000_000);
        Assert.True(metrics.Samples["process_open_fds"] > 10);
    }

    [Fact]
    public async Task Metrics_OfRefunds_CountEachLossOnce()
    {
        await using var scenario = await Scenario.StartAsync(
            ["a:capmonster,latency=30ms,price=2"],
            new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key, ["Providers__a__Prices__RecaptchaV2"] = "2" });
        using var admin = new AdminApi(scenario.Server);
        var ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => scenario.Api.CreateAsync()));
        foreach (var id in ids)
            await scenario.Api.EndAsync(id);
        Assert.Equal(0, ExpositionParser.Parse(await admin.MetricsAsync()).Sum("ucaptcha_operator_loss_micros_total"));

        await ReportAsync(ids[0], invalid: true);
        await ReportAsync(ids[0], invalid: true);
        await ReportAsync(ids[1], invalid: true);
        await ReportAsync(ids[2], invalid: false);

        var metrics = ExpositionParser.Parse(await admin.MetricsAsync());
        Assert.Equal(4000, metrics.Samples["""ucaptcha_operator_loss_micros_total{account="a",family="RecaptchaV2"}"""]);
        var booked = (await admin.GetAsync("/admin/v1/ledger?kind=operatorLoss")).GetProperty("entries").EnumerateArray();
        Assert.Equal(4000, booked.Sum(entry => entry.GetProperty("amountMicros").GetInt64()));

        Task ReportAsync(string id, bool invalid) => scenario.Api.PostAsync(
            "/feedbackTask", $$$"""{"clientKey":"{{{Scenario.Key}}}","taskId":"{{{id}}}","result":{"invalid":{{{(invalid ? "true" : "false")}}}}}""");
    }

    [Fact]
    public async Task Metrics_WithoutTheKey_AreRefusedUnlessOpen()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key });
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(server.Admin + "/metrics")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminApi.Key);
        using var answer = await http.GetAsync(server.Admin + "/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());

        await using var open = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Admin__Key"] = AdminApi.Key, ["Admin__OpenMetrics"] = "true" });
        using var nobody = new AdminApi(open, key: null);
        ExpositionParser.Parse(await nobody.MetricsAsync());
    }
}
