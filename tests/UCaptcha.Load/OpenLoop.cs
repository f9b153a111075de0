using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace UCaptcha.Load;

/// <summary>Callers of solveTask that come at a rate of their own, whether or not those before them were answered.</summary>
/// <param name="Solved">Answered with a solution, a second.</param>
/// <param name="Refused">Refused with 503 a second.</param>
/// <param name="Failed">Answered without a solution, or not at all, a second.</param>
/// <param name="Unsent">Not sent because too many were under way already, a second.</param>
/// <param name="P99">99th percentile of those solved, in milliseconds.</param>
internal sealed record OpenLoop(double Solved, double Refused, double Failed, double Unsent, double P99)
{
    private const int MostUnderWay = 4096;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    /// <summary>Calls without a pause, and tells after each span what was answered in it.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="body">The body of every call.</param>
    /// <param name="rate">Calls a second.</param>
    /// <param name="span">How long a span is.</param>
    /// <param name="spans">How many there are.</param>
    public static async IAsyncEnumerable<OpenLoop> RunAsync(string url, byte[] body, double rate, TimeSpan span, int spans)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
        var tally = new Tally();
        var underWay = 0;
        var sent = 0L;
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Tick);
        for (var i = 1; i <= spans; i++)
        {
            while (Stopwatch.GetElapsedTime(began) < span * i)
            {
                for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate); sent < due; sent++)
                {
                    if (Volatile.Read(ref underWay) >= MostUnderWay)
                        Interlocked.Increment(ref Volatile.Read(ref tally).Unsent);
                    else
                        _ = CallAsync();
                }

                await timer.WaitForNextTickAsync();
            }

            yield return Interlocked.Exchange(ref tally, new Tally()).Over(span);
        }

        async Task CallAsync()
        {
            Interlocked.Increment(ref underWay);
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } };
                using var response = await http.PostAsync(url, content);
                if (response.StatusCode == HttpStatusCode.OK && IsSolved(await response.Content.ReadAsByteArrayAsync()))
                    Volatile.Read(ref tally).Times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                else if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                    Interlocked.Increment(ref Volatile.Read(ref tally).Refused);
                else
                    Interlocked.Increment(ref Volatile.Read(ref tally).Failed);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                Interlocked.Increment(ref Volatile.Read(ref tally).Failed);
            }

            Interlocked.Decrement(ref underWay);
        }
    }

    /// <summary>A task that failed is answered with 200, too.</summary>
    private static bool IsSolved(byte[] answer) => JsonElement.Parse(answer).GetProperty("status").GetString() == "ready";

    private sealed class Tally
    {
        public readonly ConcurrentBag<double> Times = [];
        public int Refused;
        public int Failed;
        public int Unsent;

        public OpenLoop Over(TimeSpan span)
        {
            var (seconds, times) = (span.TotalSeconds, Times.Order().ToArray());
            return new OpenLoop(times.Length / seconds, Refused / seconds, Failed / seconds, Unsent / seconds, times.Length == 0 ? 0 : times[(int)(times.Length * 0.99)]);
        }
    }
}
