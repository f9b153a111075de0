using System.Globalization;
using UCaptcha.KillTest.Nodes;

namespace UCaptcha.KillTest;

/// <summary>How long the tasks of nodes that died waited for another one. Deaths of the database in between are no fault of the nodes and left out.</summary>
internal sealed class TakeoverTimes(IReadOnlyList<Kill> kills, IReadOnlyList<Takeover> takeovers)
{
    private readonly (Kill Kill, TimeSpan Time)[] _all =
    [
        .. from kill in kills
           let time = kill.TakenOverIn(takeovers)
           where time is not null && !kills.Any(other => other.OfDatabase && other.At + other.Down >= kill.At && other.At <= kill.At + time)
           orderby time
           select (kill, time.Value),
    ];

    /// <summary>How many deaths left tasks that others took.</summary>
    public int Count => _all.Length;

    /// <summary>Every death whose tasks waited for longer, in a sentence.</summary>
    public IEnumerable<string> Beyond(TimeSpan longest) =>
        _all.Where(entry => entry.Time > longest)
            .Select(entry => $"kill {entry.Kill.Number} ({entry.Kill.Death}) at {entry.Kill.At:HH:mm:ss.fff}: others had its tasks only after {Seconds(entry.Time)}");

    /// <inheritdoc/>
    public override string ToString() =>
        _all.Length == 0 ? "none" : $"{_all.Length}: median {Seconds(_all[_all.Length / 2].Time)}, {Seconds(_all[^1].Time)} at most";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture);
}
