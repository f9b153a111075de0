using UCaptcha.Load;
using UCaptcha.Load.Judging;

namespace UCaptcha.Proof.Tests.Load;

/// <summary>Forged numbers of runs beyond the peak.</summary>
public sealed class OverloadJudgeTests
{
    private const double Peak = 4000;

    private static readonly double[] Multiples = [0.5, 1, 2, 4];

    private static readonly Dictionary<string, Func<OverloadRun, OverloadRun>> Spoilers = new()
    {
        ["too little is accepted"] = run => run with { Calls = run.Calls with { RequestsPerSecond = TooLittle(run) } },
        ["too little is solved"] = run => run with { Solved = TooLittle(run) },
        ["an answer is another one"] = run => run with { Calls = run.Calls with { Failed = 1 } },
        ["a task fails"] = run => run with { Unsolved = 1 },
        ["memory grows"] = run => run with { ResidentMb = 665 },
    };

    public static TheoryData<string, double> Spoilt { get; } =
        [.. from how in Spoilers.Keys from multiple in Multiples.Where(multiple => multiple > 1) select new TheoryDataRow<string, double>(how, multiple)];

    [Fact]
    public void Judge_TheRestRefused_IsContent() => Assert.All(Judge(run => run), finding => Assert.True(finding.Holds, finding.Text));

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Judge_OneRunBreaksOnePromise_NamesIt(string how, double multiple)
    {
        var broken = Assert.Single(Judge(run => run.Multiple == multiple ? Spoilers[how](run) : run), finding => !finding.Holds);
        Assert.StartsWith($"{multiple.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)} x", broken.Text.TrimStart());
    }

    [Fact]
    public void Judge_NothingAccepted_IsNotContent() =>
        Assert.Contains(Judge(run => run with { Calls = new H2Load(0, 0, 0, Refused: 40_000, Failed: 0), Solved = 0 }), finding => !finding.Holds);

    private static double TooLittle(OverloadRun run) => (run.Multiple > 2 ? 0.44 : 0.59) * Peak;

    private static IReadOnlyList<Finding> Judge(Func<OverloadRun, OverloadRun> change) =>
        OverloadJudge.Judge(Peak, [.. Multiples.Select(multiple => change(RunAt(multiple)))]);

    /// <summary>At half of the peak, half of it; beyond the peak nine tenths of it, and the rest refused.</summary>
    private static OverloadRun RunAt(double multiple)
    {
        var served = Math.Min(multiple, 0.9) * Peak;
        return new OverloadRun(multiple, new H2Load(served, 100, 400, (int)((multiple * Peak) - served), Failed: 0), served, Unsolved: 0, ResidentMb: 180 + (40 * multiple));
    }
}
