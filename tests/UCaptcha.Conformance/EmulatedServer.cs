using UCaptcha.TestKit.Processes;

namespace UCaptcha.Conformance;

/// <summary>A server with emulated accounts, for the tests of a class.</summary>
/// <param name="instances">The accounts, each as the emulator is told of it.</param>
public abstract class EmulatedServer(string[] instances) : IAsyncLifetime
{
    public EmulatorProcess Emulator { get; private set; } = null!;

    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The settings beside those of the accounts.</summary>
    protected abstract Dictionary<string, string> Settings { get; }

    public async ValueTask InitializeAsync()
    {
        Emulator = await EmulatorProcess.StartAsync(instances);
        var settings = Settings;
        foreach (var instance in instances)
        {
            foreach (var (name, value) in Emulator.Account(instance.Split(':')[0], instance.Split(':', ',')[1]))
                settings[name] = value;
        }

        Server = await ServerProcess.StartAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
