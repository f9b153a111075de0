using System.Net.Http.Json;
using System.Text.Json;

namespace UCaptcha.TestKit.Processes;

/// <summary>The provider emulator as a process of its own.</summary>
public sealed class EmulatorProcess : IAsyncDisposable
{
    private const string Greeting = "listening on ";

    private readonly ProgramProcess _program;
    private readonly HttpClient _http;

    private EmulatorProcess(ProgramProcess program, string address)
    {
        _program = program;
        Address = address;
        _http = new HttpClient { BaseAddress = new Uri(address) };
    }

    /// <summary>Where it listens; an account's base URL is this and its name.</summary>
    public string Address { get; }

    /// <summary>Starts it with accounts such as <c>cheap:capmonster,latency=300ms,price=0.5</c>.</summary>
    public static async Task<EmulatorProcess> StartAsync(params string[] instances)
    {
        var program = ProgramProcess.Start(
            "dotnet", [Repository.ProgramOf("tests/UCaptcha.ProviderEmulator"), .. instances.SelectMany(instance => new[] { "--instance", instance })]);
        var line = await program.WaitForLineAsync(line => line.StartsWith(Greeting, StringComparison.Ordinal));
        return new EmulatorProcess(program, line[Greeting.Length..]);
    }

    /// <summary>What an account was sent.</summary>
    public async Task<JsonElement> ReportAsync(string instance) =>
        JsonDocument.Parse(await _http.GetStringAsync($"/_control/instances/{instance}")).RootElement;

    /// <summary>How many tasks an account took.</summary>
    public async Task<int> ReceivedAsync(string instance) => (await ReportAsync(instance)).GetProperty("received").GetInt32();

    /// <summary>Changes how an account behaves.</summary>
    public async Task ChangeAsync(string instance, string setting, string value)
    {
        using var response = await _http.PostAsJsonAsync($"/_control/instances/{instance}", new Dictionary<string, string> { [setting] = value });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Settings of the server for an account here, with polls as quick as tests want them.</summary>
    public Dictionary<string, string> Account(string instance, string kind, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            [$"Providers__{instance}__Kind"] = kind,
            [$"Providers__{instance}__BaseUrl"] = $"{Address}/{instance}",
            [$"Providers__{instance}__ApiKey"] = "emulated-account-key",
            [$"Providers__{instance}__FirstPollMs"] = "50",
            [$"Providers__{instance}__PollIntervalMs"] = "50",
        };
        foreach (var (name, value) in more)
            settings[$"Providers__{instance}__{name}"] = value;
        return settings;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }
}
