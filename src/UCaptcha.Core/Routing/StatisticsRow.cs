namespace UCaptcha.Core.Routing;

/// <summary>What is stored of an account's record for one family.</summary>
/// <param name="Account">The account's slug.</param>
/// <param name="Family">The family's name.</param>
/// <param name="CostMicros">Moving average of the cost of a solve, in micro-dollars; null before the first.</param>
/// <param name="SolveTimeMs">Moving average of the solve time, in milliseconds; null before the first.</param>
/// <param name="Successes">Decayed count of successes.</param>
/// <param name="Failures">Decayed count of failures.</param>
/// <param name="Samples">All observations ever.</param>
/// <param name="UpdatedAt">When the last one came.</param>
public sealed record StatisticsRow(
    string Account,
    string Family,
    double? CostMicros,
    double? SolveTimeMs,
    double Successes,
    double Failures,
    long Samples,
    DateTimeOffset UpdatedAt)
{
    /// <summary>What made it of the one before; null when it was read from the store. A store that several nodes share stores this and not the sums, which are one node's.</summary>
    public StatisticsChange? LastChange { get; init; }
}
