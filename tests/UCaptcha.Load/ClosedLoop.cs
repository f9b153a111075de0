using System.Diagnostics;

namespace UCaptcha.Load;

/// <summary>Callers that each wait for an answer before they call again.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="P50">Median, in milliseconds.</param>
/// <param name="P99">99th percentile, in milliseconds.</param>
/// <param name="Failed">Calls that ended in an exception.</param>
internal sealed record ClosedLoop(double PerSecond, double P50, double P99, int Failed)
{
    public static async Task<ClosedLoop> RunAsync(int callers, int seconds, Func<Random, Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        var failed = 0;
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var mine = new List<double>();
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
            {
                var start = Stopwatch.GetTimestamp();
                try
                {
                    await call(random);
                    mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
                catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or Grpc.Core.RpcException)
                {
                    Interlocked.Increment(ref failed);
                }
            }

            return mine;
        })));
        var all = times.SelectMany(mine => mine).Order().ToArray();
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return all.Length == 0 ? new ClosedLoop(0, 0, 0, failed) : new ClosedLoop(all.Length / took, all[all.Length / 2], all[(int)(all.Length * 0.99)], failed);
    }
}
