using System.Globalization;
using UCaptcha.Load.Judging;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>createTask at a half, one, two and four times of what the server takes at most: what is beyond is to be refused, and the rest served.</summary>
/// <remarks>
/// The tasks are solved all the while, by an account that answers soon and takes as many as come, and forgotten a minute later, so that memory shows
/// what overload adds. Few may be unfinished: what is accepted in a run is then solved in it.
/// </remarks>
internal static class Overload
{
    private const int Callers = 256;

    /// <summary>Connections at the peak rate, and more or less of them as the rate is: so many that they keep their pace although many wait.</summary>
    private const int Crowd = 1024;

    private static readonly double[] Multiples = [0.5, 1, 2, 4];

    public static async Task<int> RunAsync(int seconds)
    {
        await using var emulator = await EmulatorProcess.StartAsync("soon:capmonster,latency=100ms");
        var settings = emulator.Account("soon", "capmonster", ("MaxConcurrent", "4000"));
        (settings["Keys__bench__Key"], settings["RateLimit__PerAddress"]) = (LoadServer.Key, "0");
        (settings["Engine__ResultLifetimeMinutes"], settings["Engine__MaxUnfinished"]) = ("1", "2000");
        settings["Admin__OpenMetrics"] = "true";
        await using var server = await ServerProcess.StartAsync(settings);
        var (url, body) = (server.Http + "/createTask", Bodies.Json(LoadServer.Key));
        await H2Load.RunAsync(url, body, grpc: false, Callers, 1, WarmUp.Seconds);
        var peak = (await RunAsync(Callers, null)).RequestsPerSecond;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, peak {peak:0}/s from {Callers} callers that wait"));
        var runs = new List<OverloadRun>();
        foreach (var multiple in Multiples)
        {
            var before = await EndedTasks.OfAsync(server);
            var calls = await RunAsync((int)(Crowd * multiple), peak * multiple);
            var ended = await EndedTasks.OfAsync(server) - before;
            var run = new OverloadRun(multiple, calls, (double)ended.Ready / seconds, ended.Failed, ProcessFigures.ResidentBytes(server.Program.Id) / 1048576.0);
            runs.Add(run);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{multiple,4:0.0} x   accepted {calls.RequestsPerSecond,7:0}/s ({calls.RequestsPerSecond / peak:0.00} of peak)   p99 {calls.P99,7:0.0} ms   solved {run.Solved,7:0}/s   refused {calls.Refused / seconds,7:0}/s   failed {calls.Failed / seconds,5:0}/s   resident {run.ResidentMb:0} MB"));
        }

        return Finding.Print(OverloadJudge.Judge(peak, runs));

        Task<H2Load> RunAsync(int connections, double? rate) => H2Load.RunAsync(url, body, grpc: false, connections, 1, seconds, rate);
    }
}
