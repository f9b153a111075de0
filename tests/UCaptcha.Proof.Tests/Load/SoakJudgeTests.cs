using UCaptcha.Load;
using UCaptcha.Load.Judging;

namespace UCaptcha.Proof.Tests.Load;

/// <summary>Forged numbers of a soak.</summary>
public sealed class SoakJudgeTests
{
    private const double Rate = 50;
    private const int Samples = 60;

    private static readonly SoakSample Good = new(new OpenLoop(Rate, Refused: 0, Failed: 0.05, Unsent: 0, P99: 1000), ResidentMb: 150, Files: 300);

    private static readonly Dictionary<string, Func<SoakSample, SoakSample>> Spoilers = new()
    {
        ["everything is refused"] = sample => Calling(sample, calls => calls with { Solved = 0, Refused = Rate, P99 = 0 }),
        ["every task fails"] = sample => Calling(sample, calls => calls with { Solved = 0, Failed = Rate, P99 = 0 }),
        ["nothing is sent"] = sample => Calling(sample, calls => calls with { Solved = 0, Unsent = Rate, P99 = 0 }),
        ["some are never answered"] = sample => Calling(sample, calls => calls with { Solved = 0.94 * Rate }),
        ["some are refused"] = sample => Calling(sample, calls => calls with { Solved = 0.98 * Rate, Refused = 0.02 * Rate }),
        ["some fail"] = sample => Calling(sample, calls => calls with { Solved = 0.98 * Rate, Failed = 0.02 * Rate }),
        ["some are not sent"] = sample => Calling(sample, calls => calls with { Solved = 0.98 * Rate, Unsent = 0.02 * Rate }),
    };

    private static readonly Dictionary<string, Func<SoakSample, SoakSample>> Growths = new()
    {
        ["memory"] = sample => sample with { ResidentMb = 230 },
        ["files"] = sample => sample with { Files = 360 },
        ["latency"] = sample => Calling(sample, calls => calls with { P99 = 1600 }),
    };

    public static TheoryData<string> Spoilt { get; } = [.. Spoilers.Keys];

    public static TheoryData<string> Growing { get; } = [.. Growths.Keys];

    [Fact]
    public void Judge_EveryTaskSolvedAsAtTheBeginning_IsContent() => Assert.True(Holds(_ => Good));

    [Fact]
    public void Judge_TroubleWhileItWarmsUp_IsContent() =>
        Assert.True(Holds(at => at < Samples / 10 ? Spoilers["everything is refused"](Good) : Good));

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Judge_NotServed_IsNot(string how)
    {
        Assert.False(Holds(_ => Spoilers[how](Good)));
        Assert.False(Holds(at => at < Samples / 2 ? Spoilers[how](Good) : Good));
        Assert.False(Holds(at => at < Samples / 2 ? Good : Spoilers[how](Good)));
    }

    [Theory]
    [MemberData(nameof(Growing))]
    public void Judge_MoreAtTheEnd_IsNot(string what)
    {
        Assert.False(Holds(at => at < Samples / 2 ? Good : Growths[what](Good)));
        Assert.True(Holds(at => at < Samples / 2 ? Growths[what](Good) : Good));
    }

    private static bool Holds(Func<int, SoakSample> sampleAt) =>
        SoakJudge.Judge([.. Enumerable.Range(0, Samples).Select(sampleAt)], Rate).All(finding => finding.Holds);

    private static SoakSample Calling(SoakSample sample, Func<OpenLoop, OpenLoop> change) => sample with { Calls = change(sample.Calls) };
}
