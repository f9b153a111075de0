using System.Globalization;
using UCaptcha.TestKit;
using UCaptcha.TestKit.Processes;

namespace UCaptcha.Load;

/// <summary>One run of Debian's h2load (package nghttp2-client), read from its per-request log.</summary>
/// <param name="RequestsPerSecond">Answers a second over the whole run.</param>
/// <param name="P50">Median time of a request, in milliseconds.</param>
/// <param name="P99">99th percentile, in milliseconds.</param>
/// <param name="Refused">Answers with HTTP 503.</param>
/// <param name="Failed">Answers that were neither HTTP 200 nor 503, and calls without an answer.</param>
internal sealed record H2Load(double RequestsPerSecond, double P50, double P99, int Refused, int Failed)
{
    /// <summary>Posts one body again and again for some seconds.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="body">The body of every request.</param>
    /// <param name="grpc">HTTP/2 with gRPC's headers, else HTTP/1.1 with JSON.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="streams">How many requests are under way on each.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="rate">Requests a second in sum, as long as the connections suffice; as many as are answered without it.</param>
    public static async Task<H2Load> RunAsync(string url, byte[] body, bool grpc, int connections, int streams, int seconds, double? rate = null)
    {
        using var folder = new TemporaryFolder(inMemory: true);
        var bodyFile = Path.Combine(folder.Path, "body");
        var log = Path.Combine(folder.Path, "log");
        await File.WriteAllBytesAsync(bodyFile, body);
        string[] protocol = grpc
            ? ["-H", "content-type: application/grpc", "-H", "te: trailers"]
            : ["--h1", "-H", "content-type: application/json"];
        string[] pace = rate is null ? [] : ["--rps", (rate.Value / connections).ToString("0.###", CultureInfo.InvariantCulture)];
        await using var program = ProgramProcess.Start("h2load", [
            "-t", "1", "-c", $"{connections}", "-m", $"{streams}", "-D", $"{seconds}", "-d", bodyFile, $"--log-file={log}", .. pace, .. protocol, url]);
        await program.WaitForExitAsync(TimeSpan.FromSeconds(seconds + 60));
        return Read(File.ReadLines(log), seconds);
    }

    private static H2Load Read(IEnumerable<string> lines, int seconds)
    {
        var times = new List<int>();
        int refused = 0, failed = 0;
        foreach (var line in lines)
        {
            // Start of the request in microseconds, HTTP status (-1 when it failed), duration in microseconds.
            var columns = line.Split('\t');
            if (columns[1] == "200")
                times.Add(int.Parse(columns[2], CultureInfo.InvariantCulture));
            else if (columns[1] == "503")
                refused++;
            else
                failed++;
        }

        times.Sort();
        return times.Count == 0
            ? new H2Load(0, 0, 0, refused, failed)
            : new H2Load((double)times.Count / seconds, times[times.Count / 2] / 1000.0, times[(int)(times.Count * 0.99)] / 1000.0, refused, failed);
    }
}
