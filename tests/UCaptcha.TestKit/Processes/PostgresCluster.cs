using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace UCaptcha.TestKit.Processes;

/// <summary>A PostgreSQL of the tests' own: a new cluster in a folder of its own, on a free loopback port, with every commit on disk.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "ucaptcha";
    private const string Host = "127.0.0.1";

    private readonly TemporaryFolder _folder;
    private ProgramProcess? _server;
    private bool _stalled;

    private PostgresCluster(TemporaryFolder folder, int port) => (_folder, Port) = (folder, port);

    /// <summary>Whether PostgreSQL is installed. A test that needs it is skipped by name when it is not.</summary>
    public static bool IsInstalled => PostgresPrograms.Folder is not null;

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    private string[] Client => ["-h", Host, "-p", Text(Port), "-U", User];

    private string Data => Path.Combine(_folder.Path, "data");

    /// <summary>Starts one. Settings are for <c>postgresql.conf</c>, such as <c>max_connections=12</c>.</summary>
    public static Task<PostgresCluster> StartAsync(params string[] settings) => StartAsync(
        FreePort(),
        data => PostgresPrograms.Command("initdb", "-D", data, "-U", User, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"),
        settings);

    /// <summary>Starts a standby that follows a primary. It takes no writes until it is promoted.</summary>
    /// <param name="primary">What it follows, once it was copied.</param>
    /// <param name="port">Where it listens; null for a free port.</param>
    public static Task<PostgresCluster> FollowAsync(PostgresCluster primary, int? port = null) => StartAsync(
        port ?? FreePort(),
        data => PostgresPrograms.Command(
            "pg_basebackup", "-D", data, "-h", Host, "-p", Text(primary.Port), "-U", User, "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync"),
        []);

    /// <summary>The connection string of a database, in Npgsql's words.</summary>
    public string ConnectionStringOf(string database) => $"Host={Host};Port={Text(Port)};Username={User};Database={database}";

    /// <summary>Makes a new database, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync() => ConnectionStringOf(await NewDatabaseAsync());

    /// <summary>Copies a database into a file as it is at one moment, and returns the file.</summary>
    public async Task<string> DumpAsync(string database)
    {
        var file = Path.Combine(_folder.Path, $"{database}.dump");
        await PostgresPrograms.RunAsync(PostgresPrograms.Command("pg_dump", [.. Client, "-d", database, "--format=custom", "-f", file]));
        return file;
    }

    /// <summary>Makes a new database of such a file, and returns its connection string.</summary>
    public async Task<string> RestoreAsync(string dump)
    {
        var name = await NewDatabaseAsync();
        await PostgresPrograms.RunAsync(PostgresPrograms.Command("pg_restore", [.. Client, "-d", name, "--exit-on-error", dump]));
        return ConnectionStringOf(name);
    }

    /// <summary>Runs a statement as its administrator, and returns the only value of its answer as text.</summary>
    public Task<string> QueryAsync(string sql) => PostgresPrograms.RunAsync(
        PostgresPrograms.Command("psql", [.. Client, "-d", "postgres", "-qtAX", "-c", sql]));

    /// <summary>Stops it as a crash does: nothing is written any more, and the next start recovers from the log.</summary>
    public Task CrashAsync() => StopAsync("immediate");

    /// <summary>Kills one of its processes. Then its first one ends all others and recovers from the log; returns when that is done.</summary>
    public async Task CrashAsync(int process)
    {
        var began = await QueryAsync("SELECT stats_reset FROM pg_stat_bgwriter");
        await PostgresPrograms.RunAsync("kill", "-KILL", Text(process));
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return await QueryAsync("SELECT stats_reset FROM pg_stat_bgwriter") != began;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        });
    }

    /// <summary>Starts it again on the same port.</summary>
    public async Task RestartAsync(params string[] settings)
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = await StartServerAsync(settings);
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task PromoteAsync() => PostgresPrograms.RunAsync(PostgresPrograms.Command("pg_ctl", "promote", "-D", Data, "-w"));

    /// <summary>Stops it in order and starts it where another one was.</summary>
    public async Task MoveAsync(int port)
    {
        await StopAsync("fast");
        Port = port;
        await RestartAsync();
    }

    /// <summary>Halts it with all its processes, as a machine does whose disk hangs: connections stay open and nothing answers.</summary>
    public async Task StallAsync()
    {
        _stalled = true;
        await SignalAsync("STOP");
    }

    /// <summary>Lets it go on.</summary>
    public async Task GoOnAsync()
    {
        await SignalAsync("CONT");
        // What runs it under another user stops when it does.
        _server?.GoOn();
        _stalled = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stalled)
            await GoOnAsync();
        if (_server is { HasExited: false })
            await CrashAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
        _folder.Dispose();
    }

    private static async Task<PostgresCluster> StartAsync(int port, Func<string, string[]> make, string[] settings)
    {
        var cluster = new PostgresCluster(new TemporaryFolder(), port);
        try
        {
            await PostgresPrograms.GiveAsync(cluster._folder.Path);
            await PostgresPrograms.RunAsync(make(cluster.Data));
            await cluster.RestartAsync(settings);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task<string> NewDatabaseAsync()
    {
        var name = $"u{Guid.NewGuid():N}";
        await QueryAsync($"CREATE DATABASE {name}");
        return name;
    }

    private async Task StopAsync(string mode)
    {
        await PostgresPrograms.RunAsync(PostgresPrograms.Command("pg_ctl", "stop", "-D", Data, "-m", mode, "-w"));
        await _server!.WaitForExitAsync();
    }

    private async Task<ProgramProcess> StartServerAsync(string[] settings)
    {
        string[] all =
        [
            $"port={Text(Port)}", $"listen_addresses={Host}", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB",
            "log_min_messages=fatal", .. settings,
        ];
        var command = PostgresPrograms.Command("postgres", ["-D", Data, .. all.SelectMany(setting => new[] { "-c", setting })]);
        var server = ProgramProcess.Start(command[0], command[1..]);
        try
        {
            var ask = PostgresPrograms.Command("pg_isready", "-q", "-h", Host, "-p", Text(Port));
            await Eventually.TrueAsync(async () => server.HasExited || await PostgresPrograms.SucceedsAsync(ask));
            return server.HasExited ? throw new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', server.Output)}") : server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its first process begins the others: it is signalled first, so that none is missed.</summary>
    private async Task SignalAsync(string signal)
    {
        var first = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        await PostgresPrograms.RunAsync("kill", $"-{signal}", first);
        await PostgresPrograms.SucceedsAsync("pkill", $"-{signal}", "-P", first);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
