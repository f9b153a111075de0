using System.Globalization;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>createTask at a half, one, two and four times of what the server takes at most: what is beyond is to be refused, and the rest served.</summary>
internal static class Overload
{
    private const int Callers = 64;
    private static readonly double[] Multiples = [0.5, 1, 2, 4];

    public static async Task RunAsync(int seconds)
    {
        await using var emulator = await EmulatorProcess.StartAsync(LoadServer.Sink);
        await using var server = await ServerProcess.StartAsync(LoadServer.Settings(emulator));
        var (url, body) = (server.Http + "/createTask", Bodies.Json(LoadServer.Key));
        var peak = 0.0;
        using (var http = new HttpClient())
        {
            for (var round = 0; round < 2; round++)
            {
                peak = (await ClosedLoop.RunAsync(Callers, seconds, async _ =>
                {
                    using var content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } };
                    using var response = await http.PostAsync(url, content);
                    response.EnsureSuccessStatusCode();
                })).PerSecond;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, peak {peak:0}/s from {Callers} callers that wait"));
        foreach (var multiple in Multiples)
        {
            var run = await OpenLoop.RunAsync(url, body, peak * multiple, seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{multiple,4:0.0} x   accepted {run.Accepted,7:0}/s ({run.Accepted / peak:0.00} of peak)   p99 {run.P99,7:0.0} ms   refused {run.Refused,7:0}/s   failed {run.Failed,5:0}/s   not sent {run.Unsent,7:0}/s   resident {ProcessFigures.ResidentBytes(server.Program.Id) / 1048576} MB"));
        }
    }
}
