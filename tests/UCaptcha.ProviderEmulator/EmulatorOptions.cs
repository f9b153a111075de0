using System.Globalization;

namespace UCaptcha.ProviderEmulator;

/// <summary>What the emulator plays.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The port on loopback; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The accounts it plays, each under a path of its own.</summary>
    public IReadOnlyList<InstanceSettings> Instances { get; init; } = [];

    /// <summary>A file that gets a line for every task that was taken, or null.</summary>
    public string? RecordFile { get; init; }

    /// <summary>Reads the command line.</summary>
    public static EmulatorOptions Parse(string[] args)
    {
        var options = new EmulatorOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            options = args[i] switch
            {
                "--port" => options with { Port = int.Parse(args[i + 1], CultureInfo.InvariantCulture) },
                "--instance" => options with { Instances = [.. options.Instances, InstanceSettings.Parse(args[i + 1])] },
                "--record" => options with { RecordFile = args[i + 1] },
                _ => throw new ArgumentException($"{args[i]} is not known; known are --port, --instance and --record."),
            };
        }

        return options;
    }
}
