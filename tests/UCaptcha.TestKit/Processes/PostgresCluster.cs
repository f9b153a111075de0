using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace UCaptcha.TestKit.Processes;

/// <summary>A PostgreSQL of the tests' own: a new cluster in a folder of its own, on a free loopback port, with every commit on disk.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Debian = "/usr/lib/postgresql";

    private readonly TemporaryFolder _folder;
    private readonly string _binaries;
    private readonly string _data;
    private ProgramProcess _server;

    private PostgresCluster(TemporaryFolder folder, string binaries, string data, int port, ProgramProcess server) =>
        (_folder, _binaries, _data, Port, _server) = (folder, binaries, data, port, server);

    /// <summary>Whether PostgreSQL is installed. A test that needs it is skipped by name when it is not.</summary>
    public static bool IsInstalled => Binaries is not null;

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    private static string? Binaries { get; } = FindBinaries();

    /// <summary>Starts one. Settings are for <c>postgresql.conf</c>, such as <c>max_connections=12</c>.</summary>
    public static async Task<PostgresCluster> StartAsync(params string[] settings)
    {
        var binaries = Binaries ?? throw new InvalidOperationException("PostgreSQL is not installed.");
        var folder = new TemporaryFolder();
        try
        {
            var data = Path.Combine(folder.Path, "data");
            if (Environment.IsPrivilegedProcess)
            {
                // PostgreSQL refuses to run as root; the folder becomes Debian's user's.
                Directory.CreateDirectory(data);
                await RunAsync("chown", "-R", "postgres", folder.Path);
                await RunAsync("chmod", "711", folder.Path);
            }

            await RunAsync(AsUser(Path.Combine(binaries, "initdb"), "-D", data, "-U", "ucaptcha", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"));
            var port = FreePort();
            return new PostgresCluster(folder, binaries, data, port, await StartServerAsync(binaries, data, port, settings));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The connection string of a database, in Npgsql's words.</summary>
    public string ConnectionStringOf(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=ucaptcha;Database={database}");

    /// <summary>Makes a new database, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"u{Guid.NewGuid():N}";
        await RunAsync(
            Path.Combine(_binaries, "psql"), "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "ucaptcha", "-d", "postgres", "-q",
            "-c", $"CREATE DATABASE {name}");
        return ConnectionStringOf(name);
    }

    /// <summary>Stops it as a crash does: nothing is written any more, and the next start recovers from the log.</summary>
    public async Task CrashAsync()
    {
        await RunAsync(AsUser(Path.Combine(_binaries, "pg_ctl"), "stop", "-D", _data, "-m", "immediate", "-w"));
        await _server.WaitForExitAsync();
    }

    /// <summary>Starts it again on the same port.</summary>
    public async Task RestartAsync(params string[] settings)
    {
        await _server.DisposeAsync();
        _server = await StartServerAsync(_binaries, _data, Port, settings);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_server.HasExited)
            await CrashAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<ProgramProcess> StartServerAsync(string binaries, string data, int port, string[] settings)
    {
        string[] all =
        [
            $"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB",
            "log_min_messages=fatal", .. settings,
        ];
        var command = AsUser(Path.Combine(binaries, "postgres"), ["-D", data, .. all.SelectMany(setting => new[] { "-c", setting })]);
        var server = ProgramProcess.Start(command[0], command[1..]);
        var portText = port.ToString(CultureInfo.InvariantCulture);
        try
        {
            await Eventually.TrueAsync(async () =>
                server.HasExited || await ExitCodeAsync(Path.Combine(binaries, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", portText) == 0);
            return server.HasExited ? throw new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', server.Output)}") : server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static string[] AsUser(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];

    private static async Task RunAsync(params string[] command)
    {
        await using var process = ProgramProcess.Start(command[0], command[1..]);
        if (await process.WaitForExitAsync() is var code && code != 0)
            throw new InvalidOperationException($"{command[0]} ended with {code}:\n{string.Join('\n', process.Output)}");
    }

    private static async Task<int> ExitCodeAsync(string program, params string[] arguments)
    {
        await using var process = ProgramProcess.Start(program, arguments);
        return await process.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindBinaries()
    {
        var folders = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).OrderDescending().Select(version => Path.Combine(version, "bin")) : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}
