using System.Text.RegularExpressions;

namespace UCaptcha.TestKit.Processes;

/// <summary>The server as a process of its own, on free ports, with a data folder of its own.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly ProgramProcess _program;
    private readonly TemporaryFolder? _ownFolder;

    private ServerProcess(ProgramProcess program, TemporaryFolder? ownFolder, string http, string grpc, string? firstKey) =>
        (_program, _ownFolder, Http, Grpc, FirstKey) = (program, ownFolder, http, grpc, firstKey);

    /// <summary>Where JSON is spoken: <c>http://127.0.0.1:port</c>, or https where the settings say so.</summary>
    public string Http { get; }

    /// <summary>Where gRPC is spoken, in the same form.</summary>
    public string Grpc { get; }

    /// <summary>Host and port of <see cref="Grpc"/>.</summary>
    public string GrpcTarget => new Uri(Grpc).Authority;

    /// <summary>The key that was made at the first start, or null.</summary>
    public string? FirstKey { get; }

    /// <summary>Where administrators are served: <c>http://127.0.0.1:port</c>.</summary>
    public string Admin => AdminLine().Match(Program.Output.First(line => AdminLine().IsMatch(line))).Groups[1].Value;

    /// <summary>The admin key that was made at the first start, or null.</summary>
    public string? AdminKey => Program.Output.Select(line => AdminKeyLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    /// <summary>The process.</summary>
    public ProgramProcess Program => _program;

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <param name="settings">Names without the prefix <c>UCaptcha__</c>, and <c>Logging__*</c>.</param>
    /// <param name="dataFolder">Where its data is; a new folder when null.</param>
    /// <param name="faults">What may fail in it, or null.</param>
    public static async Task<ServerProcess> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, string? dataFolder = null, SystemFaults? faults = null)
    {
        var ownFolder = dataFolder is null ? new TemporaryFolder() : null;
        return await WhenReadyAsync(Launch(settings, dataFolder ?? ownFolder!.Path, faults), ownFolder);
    }

    /// <summary>Starts the server and does not wait for it.</summary>
    /// <param name="settings">Names without the prefix <c>UCaptcha__</c>.</param>
    /// <param name="dataFolder">Where its data is.</param>
    /// <param name="faults">What may fail in it, or null.</param>
    public static ProgramProcess Launch(IReadOnlyDictionary<string, string>? settings, string dataFolder, SystemFaults? faults = null)
    {
        var environment = new Dictionary<string, string>(faults?.Environment ?? new Dictionary<string, string>())
        {
            ["UCaptcha__DataDirectory"] = dataFolder,
            ["UCaptcha__Http__Url"] = "http://127.0.0.1:0",
            ["UCaptcha__Grpc__Url"] = "http://127.0.0.1:0",
            ["UCaptcha__Admin__Url"] = "http://127.0.0.1:0",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            environment[name.StartsWith("Logging__", StringComparison.Ordinal) ? name : $"UCaptcha__{name}"] = value;
        return ProgramProcess.Start("dotnet", [Repository.ProgramOf("src/UCaptcha.Server")], environment);
    }

    /// <summary>Waits until a launched server answers, and takes it over.</summary>
    public static Task<ServerProcess> WhenReadyAsync(ProgramProcess program) => WhenReadyAsync(program, ownFolder: null);

    private static async Task<ServerProcess> WhenReadyAsync(ProgramProcess program, TemporaryFolder? ownFolder)
    {
        try
        {
            var line = await program.WaitForLineAsync(line => AddressLine().IsMatch(line));
            var addresses = AddressLine().Match(line);
            // Printed before the addresses, if at all.
            var key = program.Output.Select(output => KeyLine().Match(output)).FirstOrDefault(match => match.Success);
            return new ServerProcess(program, ownFolder, addresses.Groups[1].Value, addresses.Groups[2].Value, key?.Groups[1].Value);
        }
        catch
        {
            await program.DisposeAsync();
            ownFolder?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _ownFolder?.Dispose();
    }

    [GeneratedRegex(@"^JSON on (https?://\S+), gRPC on (https?://\S+)$")]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"^Admin on (http://\S+)$")]
    private static partial Regex AdminLine();

    [GeneratedRegex(@"^Admin key \(shown this once\): (\S+)$")]
    private static partial Regex AdminKeyLine();

    [GeneratedRegex(@"^API key \(shown this once\): (\S+)$")]
    private static partial Regex KeyLine();
}
