using System.Globalization;

namespace UCaptcha.Load.Judging;

/// <summary>What is beyond the peak is refused as documented, the rest is solved as at the peak, and memory stays within bounds.</summary>
internal static class OverloadJudge
{
    /// <summary>Of what the first run needs.</summary>
    private const double MostMemory = 3;

    private const double MemorySlackMb = 64;

    /// <param name="peak">Accepted a second from callers that wait.</param>
    /// <param name="runs">The calmest first.</param>
    public static IReadOnlyList<Finding> Judge(double peak, IReadOnlyList<OverloadRun> runs) => [.. runs.SelectMany(run => Judge(peak, run, runs[0]))];

    /// <summary>Refusing has its price, too, and the callers their share of the processors: about a tenth of the peak for each multiple.</summary>
    private static double LeastServed(double multiple) => multiple <= 2 ? 0.6 : 0.45;

    private static IEnumerable<Finding> Judge(double peak, OverloadRun run, OverloadRun calmest)
    {
        // Below and at the peak too little may be offered to tell.
        if (run.Multiple > 1)
        {
            yield return Of("accepted, of the peak", run.Calls.RequestsPerSecond / peak, share => share >= LeastServed(run.Multiple));
            yield return Of("solved, of the peak", run.Solved / peak, share => share >= LeastServed(run.Multiple));
        }

        yield return Of("neither accepted nor refused", run.Calls.Failed, count => count == 0);
        yield return Of("accepted and not solved", run.Unsolved, count => count == 0);
        yield return Of("resident MB", run.ResidentMb, resident => resident <= (calmest.ResidentMb * MostMemory) + MemorySlackMb);

        Finding Of(string what, double figure, Func<double, bool> holds) => new(
            string.Create(CultureInfo.InvariantCulture, $"{run.Multiple,4:0.0} x   {what,-30} {figure,8:0.00}: {(holds(figure) ? "good" : "BROKEN")}"), holds(figure));
    }
}
