using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance;

/// <summary>What a person's browser makes of the server: Debian's Chromium, with client libraries from npm.</summary>
public sealed class BrowserTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task Pages_InChromium_ShowEveryOperationAndAskNobodyElse()
    {
        Assert.SkipUnless(File.Exists(Chromium), "chromium is not installed");

        var shown = await ShowAsync("browser-reference.mjs", sandbox.Server.Http);

        Assert.Contains(sandbox.Server.Http + "/createTask", shown[0].GetProperty("command").GetString());
        Assert.Contains("/docs", shown[0].GetProperty("links").EnumerateArray().Select(link => link.GetString()));
        foreach (var method in new[] { "/createTask", "/getTaskResult", "/getBalance", "/feedbackTask", "/solveTask", "/watchTask", "/watchTasks" })
            Assert.Contains(method, shown[1].GetProperty("text").GetString());
        foreach (var page in shown)
        {
            Assert.Empty(page.GetProperty("errors").EnumerateArray());
            Assert.All(page.GetProperty("requests").EnumerateArray(), request => Assert.StartsWith(sandbox.Server.Http, request.GetString()));
        }
    }

    [Fact]
    public async Task OtherOrigin_ListedOrNot_CallsOverGrpcWebAndFetchOrIsBlocked()
    {
        Assert.SkipUnless(File.Exists(Chromium), "chromium is not installed");
        var port = FreePort();
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["Http__Cors__Origins__0"] = $"http://127.0.0.1:{port}",
        });

        var got = await ShowAsync("browser-grpcweb.mjs", server.Http, server.FirstKey!, SandboxServer.SiteKey, ClientProgram.Protos, port.ToString());

        Assert.False(got[0].TryGetProperty("error", out var error), error.ToString());
        var states = got[0].GetProperty("states").EnumerateArray().Select(state => state.GetInt32()).ToArray();
        Assert.Equal((1, 2), (states[0], states[^1]));
        var token = got[0].GetProperty("token").GetString();
        Assert.False(string.IsNullOrEmpty(token));
        Assert.Equal("16 The API key you provided does not exist in our system.", got[0].GetProperty("refusal").GetString());
        Assert.Equal(token, got[0].GetProperty("json").GetProperty("solution").GetProperty("gRecaptchaResponse").GetString());
        Assert.Equal("10000", got[0].GetProperty("limit").GetString());
        // A browser tells a page nothing of why an origin is blocked.
        Assert.Contains("Failed to fetch", got[1].GetProperty("error").GetString());
    }

    private static async Task<JsonElement[]> ShowAsync(string script, params string[] arguments) =>
        [.. (await ClientProgram.NodeAsync(script, arguments)).Select(line => JsonDocument.Parse(line).RootElement)];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
