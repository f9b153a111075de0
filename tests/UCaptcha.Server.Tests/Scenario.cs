using UCaptcha.TestKit.Processes;

namespace UCaptcha.Server.Tests;

/// <summary>A server with emulated accounts.</summary>
internal sealed class Scenario : IAsyncDisposable
{
    public const string Key = "scenario-key";

    private Scenario(EmulatorProcess emulator, ServerProcess server) => (Emulator, Server, Api) = (emulator, server, new Api(server, Key));

    public EmulatorProcess Emulator { get; }

    public ServerProcess Server { get; }

    public Api Api { get; }

    /// <summary>Starts accounts, each named and described for the emulator, under settings of the server.</summary>
    public static async Task<Scenario> StartAsync(string[] instances, Dictionary<string, string>? settings = null, string? dataFolder = null)
    {
        var emulator = await EmulatorProcess.StartAsync(instances);
        try
        {
            return new Scenario(emulator, await ServerProcess.StartAsync(Settings(emulator, instances, settings), dataFolder));
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server's settings for these accounts; later ones win.</summary>
    public static Dictionary<string, string> Settings(EmulatorProcess emulator, string[] instances, Dictionary<string, string>? settings)
    {
        var all = new Dictionary<string, string> { ["Keys__test__Key"] = Key };
        foreach (var instance in instances)
        {
            var (name, kind) = (instance.Split(':')[0], instance.Split(':', ',')[1]);
            foreach (var (setting, value) in emulator.Account(name, kind))
                all[setting] = value;
        }

        foreach (var (setting, value) in settings ?? [])
            all[setting] = value;
        return all;
    }

    /// <summary>The account that a token of the emulator comes from.</summary>
    public static string AccountOf(System.Text.Json.JsonElement result) =>
        result.GetProperty("solution").GetProperty("gRecaptchaResponse").GetString()!.Split('-')[1];

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Server.DisposeAsync();
        await Emulator.DisposeAsync();
    }
}
