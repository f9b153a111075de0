using FsCheck;
using FsCheck.Fluent;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;

namespace UCaptcha.Core.Tests.Routing;

public sealed class DocumentedPolicyTests
{
    private static readonly DocumentedPolicy Policy = new();

    // The golden example: C is both slower and dearer than A, and than B.
    private static readonly Candidate[] Golden = [Make("A", 2.99m, 12.4, 0.98), Make("B", 1.00m, 25, 0.90), Make("C", 3.00m, 30, 0.99)];

    private static readonly Gen<Candidate[]> AnyCandidates =
        from count in Gen.Choose(1, 8)
        from estimates in (from cost in Gen.Choose(0, 20)
                           from time in Gen.Choose(1, 20)
                           from success in Gen.Choose(0, 10)
                           select (cost, time, success)).ArrayOf(count)
        select estimates.Select((estimate, i) => Make($"a{i}", estimate.cost / 10m, estimate.time, estimate.success / 10.0)).ToArray();

    [Theory]
    [InlineData(50, "A", 0.4930, "B", 0.4650)]
    [InlineData(10, "B", 0.8370, "A", 0.0986)]
    [InlineData(90, "A", 0.8874, "B", 0.0930)]
    public void Rank_GoldenExample_HasThePublishedScores(int weight, string first, double firstScore, string second, double secondScore)
    {
        var ranking = Policy.Rank(Golden, weight);
        Assert.Equal([first, second, "C"], ranking.Select(ranked => ranked.Candidate.Account));
        Assert.Equal(firstScore, ranking[0].Score, 4);
        Assert.Equal(secondScore, ranking[1].Score, 4);
        Assert.Equal([false, false, true], ranking.Select(ranked => ranked.Dominated));
    }

    [Fact]
    public void Rank_SingleCandidate_ScoresItsReliability() => Assert.Equal(0.986, Assert.Single(Policy.Rank([Golden[0]], 50)).Score, 4);

    [Fact]
    public void Rank_EqualScores_GoToTheMoreReliableThenTheCheaperThenTheName()
    {
        Assert.Equal("b", Policy.Rank([Make("a", 1, 10, 0.8), Make("b", 1, 10, 0.9)], 50)[0].Candidate.Account);
        Assert.Equal("b", Policy.Rank([Make("a", 2, 10, 0.9), Make("b", 1, 20, 0.9)], 50)[0].Candidate.Account);
        Assert.Equal("a", Policy.Rank([Make("b", 1, 10, 0.9), Make("a", 1, 10, 0.9)], 50)[0].Candidate.Account);
    }

    [Fact]
    public void Rank_AlikeInOneThing_IsNotDominated() => Assert.DoesNotContain(Policy.Rank([Make("a", 1, 10, 0.9), Make("b", 1, 20, 0.9)], 50), ranked => ranked.Dominated);

    [Fact]
    public void Rank_AnyOrderOfCandidates_IsTheSameRanking() => Check((candidates, weight) =>
        Policy.Rank(candidates, weight).SequenceEqual(Policy.Rank([.. candidates.Reverse()], weight)));

    [Fact]
    public void Rank_Anyone_IsRankedOnceWithAScoreOfZeroToOne() => Check((candidates, weight) =>
    {
        var ranking = Policy.Rank(candidates, weight);
        return ranking.Select(ranked => ranked.Candidate).ToHashSet().SetEquals(candidates) && ranking.Count == candidates.Length
            && ranking.All(ranked => ranked.Score is >= 0 and <= 1);
    });

    [Fact]
    public void Rank_Dominated_StandBehindTheOthersAndOnlyTheyAreDominated() => Check((candidates, weight) =>
    {
        var ranking = Policy.Rank(candidates, weight);
        return ranking.SkipWhile(ranked => !ranked.Dominated).All(ranked => ranked.Dominated) && ranking.All(ranked => ranked.Dominated ==
            candidates.Any(other => other.Estimate.Cost < ranked.Candidate.Estimate.Cost && other.Estimate.SolveTime < ranked.Candidate.Estimate.SolveTime));
    });

    [Fact]
    public void Rank_OnlyCostCountsAndAllAreAlikeReliable_TheCheapestIsFirst() => Check((candidates, _) =>
    {
        Candidate[] alike = [.. candidates.Select(candidate => candidate with { Estimate = candidate.Estimate with { SuccessRate = 0.9 } })];
        return Policy.Rank(alike, 0)[0].Candidate.Estimate.Cost == alike.Min(candidate => candidate.Estimate.Cost);
    });

    private static void Check(Func<Candidate[], int, bool> holds) =>
        Prop.ForAll(AnyCandidates.ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), holds).QuickCheckThrowOnFailure();

    private static Candidate Make(string account, decimal cost, double seconds, double success) =>
        new(account, "kind", new Estimate(Usd.FromDollars(cost), TimeSpan.FromSeconds(seconds), success, 1));
}
