using System.Globalization;

namespace UCaptcha.Core.Routing;

/// <summary>
/// uCaptcha's published rule: drop whoever is both slower and dearer than another, then weigh speed against price and
/// multiply by reliability.
/// </summary>
/// <remarks>
/// <code>
/// baseScore             = speedWeight/100 * speedScore + (100 - speedWeight)/100 * priceScore
/// reliabilityMultiplier = 0.3 + 0.7 * successRate
/// totalScore            = baseScore * reliabilityMultiplier
/// </code>
/// Speed and price are normalised over those who were not dropped, the best being 1 and the worst 0, all of them 1 when
/// they are alike. Equal scores go to the higher success rate, then the lower price, then the name. Whoever was dropped
/// follows behind the others, ranked by the same rule, for attempts after theirs.
/// </remarks>
public sealed class DocumentedPolicy : IRoutingPolicy
{
    private const double LeastReliability = 0.3;

    /// <inheritdoc/>
    public string Name => "documented";

    /// <inheritdoc/>
    public IReadOnlyList<RankedCandidate> Rank(IReadOnlyList<Candidate> candidates, int speedWeight)
    {
        var survivors = candidates.Where(candidate => !candidates.Any(other => Dominates(other, candidate))).ToArray();
        var dropped = candidates.Except(survivors).ToArray();
        return [.. Score(survivors, speedWeight, dominated: false), .. Score(dropped, speedWeight, dominated: true)];
    }

    private static bool Dominates(Candidate other, Candidate candidate) =>
        other.Estimate.Cost < candidate.Estimate.Cost && other.Estimate.SolveTime < candidate.Estimate.SolveTime;

    private static IEnumerable<RankedCandidate> Score(Candidate[] candidates, int speedWeight, bool dominated)
    {
        if (candidates.Length == 0)
            return [];
        var (fastest, slowest) = (candidates.Min(candidate => candidate.Estimate.SolveTime), candidates.Max(candidate => candidate.Estimate.SolveTime));
        var (cheapest, dearest) = (candidates.Min(candidate => candidate.Estimate.Cost), candidates.Max(candidate => candidate.Estimate.Cost));
        return candidates
            .Select(candidate =>
            {
                var speed = Normalise(candidate.Estimate.SolveTime.Ticks, fastest.Ticks, slowest.Ticks);
                var price = Normalise(candidate.Estimate.Cost.Micros, cheapest.Micros, dearest.Micros);
                var reliability = LeastReliability + ((1 - LeastReliability) * candidate.Estimate.SuccessRate);
                var total = ((speedWeight / 100.0 * speed) + ((100 - speedWeight) / 100.0 * price)) * reliability;
                return new RankedCandidate(candidate, total, dominated, Explain(speed, price, reliability, dominated));
            })
            .OrderByDescending(ranked => ranked.Score)
            .ThenByDescending(ranked => ranked.Candidate.Estimate.SuccessRate)
            .ThenBy(ranked => ranked.Candidate.Estimate.Cost)
            .ThenBy(ranked => ranked.Candidate.Account, StringComparer.Ordinal);
    }

    private static double Normalise(long value, long best, long worst) => worst == best ? 1 : (double)(worst - value) / (worst - best);

    private static string Explain(double speed, double price, double reliability, bool dominated) => string.Create(
        CultureInfo.InvariantCulture,
        $"speed {speed:0.###}, price {price:0.###}, reliability {reliability:0.###}{(dominated ? "; another account is both faster and cheaper" : "")}");
}
