using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace UCaptcha.Load;

/// <summary>Callers that come at a rate of their own, whether or not those before them were answered: what overload is.</summary>
/// <param name="Accepted">Accepted a second.</param>
/// <param name="Refused">Refused with 503 a second.</param>
/// <param name="Failed">Answered otherwise or not at all, a second.</param>
/// <param name="Unsent">Not sent because too many were under way already, a second.</param>
/// <param name="P99">99th percentile of those accepted, in milliseconds.</param>
internal sealed record OpenLoop(double Accepted, double Refused, double Failed, double Unsent, double P99)
{
    private const int MostUnderWay = 4096;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    public static async Task<OpenLoop> RunAsync(string url, byte[] body, double rate, int seconds)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
        var times = new ConcurrentBag<double>();
        int refused = 0, failed = 0, unsent = 0, underWay = 0;
        var began = Stopwatch.GetTimestamp();
        var sent = 0;
        using var timer = new PeriodicTimer(Tick);
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            for (var due = (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate); sent < due; sent++)
            {
                if (Volatile.Read(ref underWay) >= MostUnderWay)
                    unsent++;
                else
                    _ = CallAsync();
            }

            await timer.WaitForNextTickAsync();
        }

        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var accepted = times.Order().ToArray();
        return new OpenLoop(
            accepted.Length / took, Volatile.Read(ref refused) / took, Volatile.Read(ref failed) / took, unsent / took,
            accepted.Length == 0 ? 0 : accepted[(int)(accepted.Length * 0.99)]);

        async Task CallAsync()
        {
            Interlocked.Increment(ref underWay);
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } };
                using var response = await http.PostAsync(url, content);
                if (response.StatusCode == HttpStatusCode.OK)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                else if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                    Interlocked.Increment(ref refused);
                else
                    Interlocked.Increment(ref failed);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                Interlocked.Increment(ref failed);
            }

            Interlocked.Decrement(ref underWay);
        }
    }
}
