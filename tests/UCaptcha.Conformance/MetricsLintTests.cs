using System.Net.Http;
using System.Text;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance;

/// <summary>/metrics as Prometheus' own tool sees it: it can be read, and its names follow the conventions.</summary>
public sealed class MetricsLintTests
{
    [Fact]
    public async Task Metrics_OfAServerThatWorked_HaveNoFindings()
    {
        var promtool = ClientProgram.Require("promtool", "prometheus");
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Callbacks__AllowPrivateNetworks"] = "true" });
        using var http = new HttpClient();
        var task = $$"""{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com","websiteKey":"{{SandboxServer.SiteKey}}"}""";
        foreach (var body in (string[])[$$"""{"clientKey":"{{server.FirstKey}}","task":{{task}},"callbackUrl":"{{server.Http}}/healthz"}""", "{}"])
            (await http.PostAsync(server.Http + "/solveTask", new StringContent(body, Encoding.UTF8, "application/json"))).Dispose();
        http.DefaultRequestHeaders.Add("x-admin-key", server.AdminKey);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "metrics");
        var metrics = "";
        await Eventually.TrueAsync(async () => (metrics = await http.GetStringAsync(server.Admin + "/metrics")).Contains("ucaptcha_callbacks_tries_total", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, metrics);

        var said = await ClientProgram.RunAsync("bash", ["-c", $"{promtool} check metrics < {file}"]);

        Assert.Empty(said);
        Assert.Contains("ucaptcha_tasks_ended_total{", metrics);
    }
}
