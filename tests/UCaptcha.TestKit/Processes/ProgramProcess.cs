using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace UCaptcha.TestKit.Processes;

/// <summary>A program that a test started: its output as it comes, and its end by process id.</summary>
public sealed partial class ProgramProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ProgramProcess(Process process) => _process = process;

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Every line of its output and error output so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts a program with settings in its environment.</summary>
    public static ProgramProcess Start(string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        // A test must not hang on settings of whoever runs it.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("UCaptcha__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var program = new ProgramProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        program._process.OutputDataReceived += (_, line) => program.Keep(line.Data);
        program._process.ErrorDataReceived += (_, line) => program.Keep(line.Data);
        program._process.Start();
        program._process.StandardInput.Close();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Waits for a line of output that fits.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> fits, TimeSpan? longest = null)
    {
        string? found = null;
        await Eventually.TrueAsync(
            () => (found = _output.FirstOrDefault(fits)) is not null || _process.HasExited, longest ?? TimeSpan.FromSeconds(60));
        return found ?? _output.FirstOrDefault(fits)
            ?? throw new InvalidOperationException($"The program ended with code {_process.ExitCode}:\n{string.Join('\n', _output)}");
    }

    /// <summary>Asks it to stop (SIGTERM) and waits for its end; returns its exit code.</summary>
    public Task<int> StopAsync() => SignalAsync(SigTerm);

    /// <summary>Kills it (SIGKILL) and waits for its end.</summary>
    public Task KillAsync() => SignalAsync(SigKill);

    /// <summary>Halts it (SIGSTOP), as a machine does that is out of breath.</summary>
    public void Stall() => _ = Kill(_process.Id, SigStop);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void GoOn() => _ = Kill(_process.Id, SigCont);

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? longest = null)
    {
        using var timeUp = new CancellationTokenSource(longest ?? TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(timeUp.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<int> SignalAsync(int signal)
    {
        if (!_process.HasExited)
            _ = Kill(_process.Id, signal);
        return await WaitForExitAsync();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
