using System.Globalization;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>Steady load for a long time: memory, file handles and latency at the end are to be as at the beginning.</summary>
internal static class Soak
{
    private const int Samples = 60;
    private static readonly double[] Shares = [0.2, 1.0];

    public static async Task<int> RunAsync(double minutes, double rate)
    {
        await using var emulator = await EmulatorProcess.StartAsync("fast:capmonster,latency=200ms,jitter=400ms,failures=3", "slow:twocaptcha,latency=500ms,failures=3");
        var settings = emulator.Account("fast", "capmonster", ("MaxConcurrent", "10000"));
        foreach (var (name, value) in emulator.Account("slow", "twocaptcha", ("MaxConcurrent", "10000")))
            settings[name] = value;
        (settings["Keys__bench__Key"], settings["RateLimit__PerAddress"], settings["Engine__ResultLifetimeMinutes"]) = (LoadServer.Key, "0", "1");
        await using var server = await ServerProcess.StartAsync(settings);
        var seconds = Math.Max(1, (int)(minutes * 60 / Samples));
        var samples = new List<(double Resident, double Files, double P99)>();
        for (var i = 0; i < Samples; i++)
        {
            var run = await OpenLoop.RunAsync(server.Http + "/solveTask", Bodies.Json(LoadServer.Key), rate, seconds);
            samples.Add((ProcessFigures.ResidentBytes(server.Program.Id) / 1048576.0, ProcessFigures.OpenFiles(server.Program.Id), run.P99));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(i + 1) * seconds,5} s   solved {run.Accepted,6:0.0}/s   p99 {run.P99,7:0.0} ms   failed {run.Refused + run.Failed + run.Unsent,5:0.0}/s   resident {samples[^1].Resident,6:0} MB   files {samples[^1].Files,5:0}   threads {ProcessFigures.Threads(server.Program.Id),4}"));
        }

        return Judge(samples) ? 0 : 1;
    }

    /// <summary>Compares the second tenth, after the warm-up, with the last.</summary>
    private static bool Judge(List<(double Resident, double Files, double P99)> samples)
    {
        var tenth = samples.Count / 10;
        var (first, last) = (samples.GetRange(tenth, tenth), samples.GetRange(samples.Count - tenth, tenth));
        return Same("resident MB", first.Average(s => s.Resident), last.Average(s => s.Resident), 1.25, 32)
            & Same("files", first.Average(s => s.Files), last.Average(s => s.Files), 1.1, 20)
            & Same("p99 ms", first.Average(s => s.P99), last.Average(s => s.P99), 1.5, 50);
    }

    private static bool Same(string what, double first, double last, double factor, double slack)
    {
        var same = last <= (first * factor) + slack;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-12} {first,8:0.0} at the beginning, {last,8:0.0} at the end: {(same ? "as it was" : "GREW")}"));
        return same;
    }
}
