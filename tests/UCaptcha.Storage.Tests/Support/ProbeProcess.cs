using System.Diagnostics;

namespace UCaptcha.Storage.Tests.Support;

/// <summary>The probe as a process of its own, to be killed.</summary>
internal sealed class ProbeProcess : IDisposable
{
    private readonly Process _process;

    private ProbeProcess(Process process) => _process = process;

    public static ProbeProcess StartEndless(string directory)
    {
        var probe = Path.Combine(AppContext.BaseDirectory, "UCaptcha.Storage.Probe.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { probe, "endless", directory, "16" },
            RedirectStandardOutput = true,
        };
        return new ProbeProcess(Process.Start(start)!);
    }

    /// <summary>Waits until so many tasks were committed.</summary>
    public async Task<List<Guid>> ReadIdsAsync(int count)
    {
        var ids = new List<Guid>();
        while (ids.Count < count)
            ids.Add(Guid.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The probe ended.")));
        return ids;
    }

    /// <summary>Ends it without warning and returns what else it had told by then.</summary>
    public List<Guid> Kill()
    {
        _process.Kill();
        var rest = new List<Guid>();
        while (_process.StandardOutput.ReadLine() is { Length: 36 } line)
            rest.Add(Guid.Parse(line));
        _process.WaitForExit();
        return rest;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
