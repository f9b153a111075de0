using System.Text.Json;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests.OpenApi;

/// <summary>A server with the sandbox alone, and what it says of itself.</summary>
public sealed class DescribedServer : IAsyncLifetime
{
    public const string Key = "described-key";

    public ServerProcess Server { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>The document as it is served.</summary>
    public string Text { get; private set; } = "";

    public JsonElement Document { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Server = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Keys__described__Key"] = Key, ["Streams__HeartbeatMs"] = "300" });
        Http = new HttpClient { BaseAddress = new Uri(Server.Http) };
        Text = await Http.GetStringAsync("/openapi.json");
        Document = JsonDocument.Parse(Text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
