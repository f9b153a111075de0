namespace UCaptcha.TestKit.Processes;

/// <summary>The programs of PostgreSQL, run as it wants to be run.</summary>
internal static class PostgresPrograms
{
    private const string Debian = "/usr/lib/postgresql";

    /// <summary>Their folder, or null where none is installed.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>The command that runs one under a user who may: it refuses to be root's.</summary>
    public static string[] Command(string program, params string[] arguments)
    {
        var path = Path.Combine(Folder ?? throw new InvalidOperationException("PostgreSQL is not installed."), program);
        return Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", path, .. arguments] : [path, .. arguments];
    }

    /// <summary>Lets that user have a folder.</summary>
    public static async Task GiveAsync(string folder)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        await RunAsync("chown", "-R", "postgres", folder);
        await RunAsync("chmod", "711", folder);
    }

    /// <summary>Runs a command and returns what it says.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(params string[] command)
    {
        await using var process = ProgramProcess.Start(command[0], command[1..]);
        return await process.WaitForExitAsync() is var code && code != 0
            ? throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}:\n{string.Join('\n', process.Output)}")
            : string.Join('\n', process.Output);
    }

    /// <summary>Runs a command and returns whether it succeeded.</summary>
    public static async Task<bool> SucceedsAsync(params string[] command)
    {
        await using var process = ProgramProcess.Start(command[0], command[1..]);
        return await process.WaitForExitAsync() == 0;
    }

    private static string? FindFolder()
    {
        var folders = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).OrderDescending().Select(version => Path.Combine(version, "bin")) : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}
