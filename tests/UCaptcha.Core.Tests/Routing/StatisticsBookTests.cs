using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Tests.Routing;

public sealed class StatisticsBookTests
{
    private static readonly CaptchaFamily Family = TaskCatalogue.Default.Find("RecaptchaV2")!;
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StatisticsBook _book = new();

    [Fact]
    public void EstimateFor_WithoutARecord_IsTheStatedPrior() =>
        Assert.Equal(new Estimate(new Usd(700), Family.TypicalSolveTime, 0.9, 0), Estimate("a", new Usd(700)));

    [Fact]
    public void EstimateFor_WithoutAPrice_IsTheDearestKnown() => Assert.Equal(new Usd(5000), Estimate("a", null).Cost);

    [Fact]
    public void Then_ChangesOneAfterTheOtherOrTogether_MakeTheSameRecord()
    {
        StatisticsRow[] steps =
        [
            _book.RecordSolved("a", Family.Name, new Usd(1000), TimeSpan.FromSeconds(10), Now),
            _book.RecordFailed("a", Family.Name, Now),
            _book.RecordSolved("a", Family.Name, new Usd(3000), TimeSpan.FromSeconds(30), Now.AddSeconds(1)),
            _book.RecordFeedback("a", Family.Name, invalid: true, Now.AddSeconds(2)),
            _book.RecordFailed("a", Family.Name, Now.AddSeconds(3)),
        ];

        var together = steps.Skip(1).Select(step => step.LastChange!.Value).Aggregate((first, next) => first.Then(next)).ApplyTo(steps[0]);

        Assert.Equal(steps[^1].CostMicros!.Value, together.CostMicros!.Value, 6);
        Assert.Equal(steps[^1].SolveTimeMs!.Value, together.SolveTimeMs!.Value, 6);
        Assert.Equal(steps[^1].Successes, together.Successes, 9);
        Assert.Equal(steps[^1].Failures, together.Failures, 9);
        Assert.Equal((steps[^1].Samples, steps[^1].UpdatedAt), (together.Samples, together.UpdatedAt));
    }

    [Fact]
    public void RecordSolved_MovesCostAndTimeByAFifth()
    {
        _book.RecordSolved("a", Family.Name, new Usd(1000), TimeSpan.FromSeconds(10), Now);
        _book.RecordSolved("a", Family.Name, new Usd(2000), TimeSpan.FromSeconds(20), Now);
        var estimate = Estimate("a", null);
        Assert.Equal(new Usd(1200), estimate.Cost);
        Assert.Equal(TimeSpan.FromSeconds(12), estimate.SolveTime);
        Assert.Equal(2, estimate.Samples);
    }

    [Fact]
    public void TimeWhenUnknown_BesideAKnownOne_IsHalfOfTheFastest()
    {
        _book.RecordSolved("a", Family.Name, Usd.Zero, TimeSpan.FromSeconds(10), Now);
        _book.RecordSolved("b", Family.Name, Usd.Zero, TimeSpan.FromSeconds(4), Now);
        Assert.Equal(TimeSpan.FromSeconds(2), _book.TimeWhenUnknown(["a", "b", "c"], Family));
        Assert.Equal(TimeSpan.FromSeconds(5), _book.TimeWhenUnknown(["a", "c"], Family));
        Assert.Equal(Family.TypicalSolveTime, _book.TimeWhenUnknown(["c"], Family));
    }

    [Fact]
    public void RecordFailed_ManyTimes_BringsTheSuccessRateDownAndSolvesBringItBack()
    {
        for (var i = 0; i < 100; i++)
            _book.RecordFailed("a", Family.Name, Now);
        var low = Estimate("a", null).SuccessRate;
        Assert.InRange(low, 0, 0.25);
        for (var i = 0; i < 100; i++)
            _book.RecordSolved("a", Family.Name, Usd.Zero, TimeSpan.FromSeconds(1), Now);
        Assert.InRange(Estimate("a", null).SuccessRate, 0.8, 1);
    }

    [Fact]
    public void RecordFeedback_Bad_TurnsASuccessIntoAFailure()
    {
        var solved = _book.RecordSolved("a", Family.Name, Usd.Zero, TimeSpan.FromSeconds(1), Now);
        var judged = _book.RecordFeedback("a", Family.Name, invalid: true, Now);
        Assert.Equal((solved.Successes - 1, solved.Failures + 1), (judged.Successes, judged.Failures));
    }

    [Fact]
    public void ApplyTo_RecordDecayedToNextToNothing_BecomesNothing()
    {
        _book.Load([new StatisticsRow("a", Family.Name, 1e-101, 1e-101, 1e-101, 1e-101, 9, Now)]);

        var failed = _book.RecordFailed("a", Family.Name, Now);
        Assert.Equal((0, 0, 0, 1), (failed.CostMicros, failed.SolveTimeMs, failed.Successes, failed.Failures));

        var change = failed.LastChange!.Value;
        for (var i = 0; i < 20_000; i++)
            change = change.Then(failed.LastChange.Value);
        Assert.Equal(0, change.Keep);
    }

    [Fact]
    public void Load_OfASnapshot_IsTheSameBook()
    {
        _book.RecordSolved("a", Family.Name, new Usd(5), TimeSpan.FromSeconds(1), Now);
        var other = new StatisticsBook();
        other.Load(_book.Snapshot());
        Assert.Equal(Estimate("a", null), other.EstimateFor("a", Family.Name, null, Family.TypicalSolveTime, new Usd(5000)));
    }

    private Estimate Estimate(string account, Usd? price) => _book.EstimateFor(account, Family.Name, price, Family.TypicalSolveTime, new Usd(5000));
}
