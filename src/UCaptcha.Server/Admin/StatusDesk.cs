using System.Reflection;
using UCaptcha.Server.Hosting;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Tells how the server does.</summary>
internal sealed class StatusDesk(ServerSetup setup, TimeProvider clock)
{
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(StatusDesk).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public GetStatusResponse Get() => new()
    {
        Version = Version,
        Node = Environment.MachineName,
        StartedAt = _startedAt.ToMessage(),
        Store = setup.Settings.Storage.Provider.ToLowerInvariant(),
    };
}
