using System.Text.Json;

namespace UCaptcha.Conformance;

/// <summary>The documented REST examples, with only host and key changed.</summary>
public sealed class RestClientsTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    [Fact]
    public async Task Fetch_DocumentedExample_EndsReady() =>
        CheckSolved(await ClientProgram.NodeAsync("rest-fetch.mjs", sandbox.Server.Http, sandbox.Key, SandboxServer.SiteKey));

    [Fact]
    public async Task Requests_DocumentedExample_EndsReady() =>
        CheckSolved(await ClientProgram.PythonAsync("rest_requests.py", "requests", sandbox.Server.Http, sandbox.Key, SandboxServer.SiteKey));

    [Fact]
    public async Task Curl_DocumentedExample_IsProcessing()
    {
        var answer = await ClientProgram.RunAsync(ClientProgram.Require("curl", "curl"),
        [
            "-sS",
            "-X",
            "POST",
            $"{sandbox.Server.Http}/createTask",
            "-H",
            "Content-Type: application/json",
            "-d",
            $$$"""{"clientKey": "{{{sandbox.Key}}}", "task": {"type": "RecaptchaV2TaskProxyless", "websiteURL": "https://example.com", "websiteKey": "{{{SandboxServer.SiteKey}}}"}}""",
        ]);
        var created = JsonDocument.Parse(string.Concat(answer)).RootElement;
        Assert.Equal(0, created.GetProperty("errorId").GetInt32());
        Assert.Equal("processing", created.GetProperty("status").GetString());
        Assert.True(Guid.TryParse(created.GetProperty("taskId").GetString(), out _));
    }

    [Fact]
    public async Task Fetch_WatchStreams_AreLinesAndEvents()
    {
        var answers = (await ClientProgram.NodeAsync("watch-stream.mjs", sandbox.Server.Http, sandbox.Key, SandboxServer.SiteKey))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToArray();
        Assert.StartsWith("application/x-ndjson", answers[0].GetProperty("type").GetString());
        var lines = answers[0].GetProperty("text").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        CheckStates(lines);

        Assert.Equal("text/event-stream", answers[1].GetProperty("type").GetString());
        var events = answers[1].GetProperty("text").GetString()!.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, each => Assert.StartsWith("data: ", each));
        CheckStates([.. events.Select(each => each["data: ".Length..])]);
    }

    private static void CheckStates(string[] messages)
    {
        var states = messages.Select(message => JsonDocument.Parse(message).RootElement.GetProperty("status").GetString()).ToArray();
        Assert.Equal("processing", states[0]);
        Assert.Equal("ready", states[^1]);
    }

    private static void CheckSolved(IReadOnlyList<string> lines)
    {
        var created = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(["errorId", "taskId", "status"], created.EnumerateObject().Select(member => member.Name));
        var result = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal("ready", result.GetProperty("status").GetString());
        Assert.False(string.IsNullOrEmpty(result.GetProperty("solution").GetProperty("gRecaptchaResponse").GetString()));
        Assert.Equal(JsonValueKind.Number, result.GetProperty("cost").ValueKind);
        Assert.True(result.GetProperty("solveTime").GetInt64() > 0);
    }
}
