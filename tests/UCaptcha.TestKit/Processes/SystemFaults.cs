namespace UCaptcha.TestKit.Processes;

/// <summary>
/// Lets calls of the operating system fail in a program, from one moment to another: libfiu, which is preloaded and told by
/// <c>fiu-ctrl</c> (Debian's fiu-utils).
/// </summary>
/// <param name="folder">Where the program can be told; exists before it starts.</param>
public sealed class SystemFaults(string folder)
{
    /// <summary>Failure points of libfiu.</summary>
    public const string Write = "posix/io/rw/pwrite";

    /// <summary>Failure points of libfiu.</summary>
    public const string Read = "posix/io/rw/pread";

    /// <summary>Failure points of libfiu.</summary>
    public const string Flush = "posix/io/sync/fsync";

    /// <summary>errno: the disk does not do it.</summary>
    public const int InputOutputError = 5;

    /// <summary>errno: the disk is full.</summary>
    public const int NoSpace = 28;

    /// <summary>errno: the file system is read-only.</summary>
    public const int ReadOnly = 30;

    private const string Libraries = "/usr/lib/fiu";
    private const string Control = "/usr/bin/fiu-ctrl";

    /// <summary>Whether it can be used here.</summary>
    public static bool Installed => File.Exists(Control) && File.Exists($"{Libraries}/fiu_posix_preload.so");

    /// <summary>What to start the program with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = $"{Libraries}/fiu_run_preload.so {Libraries}/fiu_posix_preload.so",
        ["FIU_CTRL_FIFO"] = $"{folder}/fiu",
    };

    /// <summary>Every such call fails from now on.</summary>
    /// <param name="program">The process.</param>
    /// <param name="point">Which calls.</param>
    /// <param name="errno">How.</param>
    public Task BeginAsync(ProgramProcess program, string point, int errno) => TellAsync(program, $"enable name={point},failinfo={errno}");

    /// <summary>The calls work again.</summary>
    public Task EndAsync(ProgramProcess program, string point) => TellAsync(program, $"disable name={point}");

    private async Task TellAsync(ProgramProcess program, string command)
    {
        await using var control = ProgramProcess.Start(Control, ["-f", $"{folder}/fiu", "-c", command, $"{program.Id}"]);
        var code = await control.WaitForExitAsync();
        if (code != 0 || !control.Output.All(string.IsNullOrWhiteSpace))
            throw new InvalidOperationException($"{Control} ended with code {code}:\n{string.Join('\n', control.Output)}");
    }
}
