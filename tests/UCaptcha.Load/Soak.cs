using System.Globalization;
using UCaptcha.Load.Judging;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>Steady load for a long time: memory, file handles and latency at the end are to be as at the beginning, and all is to be solved.</summary>
internal static class Soak
{
    private const int Samples = 60;

    public static async Task<int> RunAsync(double minutes, double rate)
    {
        await using var emulator = await EmulatorProcess.StartAsync("fast:capmonster,latency=200ms,jitter=400ms,failures=3", "slow:twocaptcha,latency=500ms,failures=3");
        var settings = emulator.Account("fast", "capmonster", ("MaxConcurrent", "10000"));
        foreach (var (name, value) in emulator.Account("slow", "twocaptcha", ("MaxConcurrent", "10000")))
            settings[name] = value;
        (settings["Keys__bench__Key"], settings["RateLimit__PerAddress"], settings["Engine__ResultLifetimeMinutes"]) = (LoadServer.Key, "0", "1");
        await using var server = await ServerProcess.StartAsync(settings);
        var span = TimeSpan.FromSeconds(Math.Max(1, (int)(minutes * 60 / Samples)));
        var samples = new List<SoakSample>();
        await foreach (var calls in OpenLoop.RunAsync(server.Http + "/solveTask", Bodies.Json(LoadServer.Key), rate, span, Samples))
        {
            var sample = new SoakSample(calls, ProcessFigures.ResidentBytes(server.Program.Id) / 1048576.0, ProcessFigures.OpenFiles(server.Program.Id));
            samples.Add(sample);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{samples.Count * span.TotalSeconds,5} s   solved {calls.Solved,6:0.0}/s   p99 {calls.P99,7:0.0} ms   lost {calls.Refused + calls.Failed + calls.Unsent,5:0.0}/s   resident {sample.ResidentMb,6:0} MB   files {sample.Files,5:0}   threads {ProcessFigures.Threads(server.Program.Id),4}"));
        }

        return Finding.Print(SoakJudge.Judge(samples, rate));
    }
}
