using System.Globalization;

namespace UCaptcha.Load.Judging;

/// <summary>Compares the second tenth of a soak, after the warm-up, with the last: nothing has grown, and in both all was solved that was offered.</summary>
internal static class SoakJudge
{
    private const double LeastSolved = 0.95;

    /// <summary>Of two accounts that fail three tasks in a hundred each, both fail one in a thousand.</summary>
    private const double MostLost = 0.01;

    /// <param name="samples">In order.</param>
    /// <param name="rate">Tasks offered a second.</param>
    public static IReadOnlyList<Finding> Judge(IReadOnlyList<SoakSample> samples, double rate)
    {
        var tenth = samples.Count / 10;
        var (first, last) = (samples.Skip(tenth).Take(tenth).ToArray(), samples.TakeLast(tenth).ToArray());
        return
        [
            Same("resident MB", sample => sample.ResidentMb, 1.25, 32),
            Same("files", sample => sample.Files, 1.1, 20),
            Same("p99 ms", sample => sample.Calls.P99, 1.5, 50),
            Both("solved/s", sample => sample.Calls.Solved, solved => solved >= rate * LeastSolved, "TOO FEW"),
            Both("lost/s", sample => sample.Calls.Refused + sample.Calls.Failed + sample.Calls.Unsent, lost => lost <= rate * MostLost, "TOO MANY"),
        ];

        Finding Same(string what, Func<SoakSample, double> figure, double factor, double slack) =>
            Found(what, figure, (before, after) => after <= (before * factor) + slack, "as it was", "GREW");

        Finding Both(string what, Func<SoakSample, double> figure, Func<double, bool> holds, string otherwise) =>
            Found(what, figure, (before, after) => holds(before) && holds(after), string.Create(CultureInfo.InvariantCulture, $"of {rate} offered"), otherwise);

        Finding Found(string what, Func<SoakSample, double> figure, Func<double, double, bool> holds, string well, string otherwise)
        {
            var (before, after) = (first.Average(figure), last.Average(figure));
            var kept = holds(before, after);
            return new Finding(
                string.Create(CultureInfo.InvariantCulture, $"{what,-12} {before,8:0.0} at the beginning, {after,8:0.0} at the end: {(kept ? well : otherwise)}"), kept);
        }
    }
}
