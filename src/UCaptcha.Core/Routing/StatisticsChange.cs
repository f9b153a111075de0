namespace UCaptcha.Core.Routing;

/// <summary>What was seen of an account, as a change of its record: each count becomes what is kept of it plus what was seen. So changes that several nodes made can be stored one behind the other.</summary>
/// <param name="Keep">What is kept of both counts, 0 to 1.</param>
/// <param name="Successes">Seen successes, decayed; below 0 after a bad verdict.</param>
/// <param name="Failures">Seen failures, decayed.</param>
/// <param name="AverageKeep">What is kept of the averages; 1 when no solve was seen.</param>
/// <param name="CostMicros">What solves add to the average of cost.</param>
/// <param name="SolveTimeMs">What solves add to the average of time.</param>
/// <param name="Samples">How many were seen.</param>
/// <param name="At">When the last one was.</param>
public readonly record struct StatisticsChange(
    double Keep, double Successes, double Failures, double AverageKeep, double CostMicros, double SolveTimeMs, long Samples, DateTimeOffset At)
{
    /// <summary>What is less counts as nothing. The product of two that are not is still a number to every database.</summary>
    private const double Least = 1e-100;

    /// <summary>The average of cost where there was none before; null when no solve was seen.</summary>
    public double? FirstCostMicros => AverageKeep < 1 ? CostMicros / (1 - AverageKeep) : null;

    /// <summary>The average of time where there was none before; null when no solve was seen.</summary>
    public double? FirstSolveTimeMs => AverageKeep < 1 ? SolveTimeMs / (1 - AverageKeep) : null;

    /// <summary>This change and then another one.</summary>
    public StatisticsChange Then(StatisticsChange next) => new(
        Floor(Keep * next.Keep),
        (Successes * next.Keep) + next.Successes,
        (Failures * next.Keep) + next.Failures,
        Floor(AverageKeep * next.AverageKeep),
        (CostMicros * next.AverageKeep) + next.CostMicros,
        (SolveTimeMs * next.AverageKeep) + next.SolveTimeMs,
        Samples + next.Samples,
        next.At > At ? next.At : At);

    /// <summary>The record after this change.</summary>
    public StatisticsRow ApplyTo(StatisticsRow row) => row with
    {
        CostMicros = row.CostMicros is { } cost ? (Floor(cost) * AverageKeep) + CostMicros : FirstCostMicros,
        SolveTimeMs = row.SolveTimeMs is { } time ? (Floor(time) * AverageKeep) + SolveTimeMs : FirstSolveTimeMs,
        Successes = Math.Max((Floor(row.Successes) * Keep) + Successes, 0),
        Failures = (Floor(row.Failures) * Keep) + Failures,
        Samples = row.Samples + Samples,
        UpdatedAt = At,
        LastChange = this,
    };

    private static double Floor(double value) => value < Least ? 0 : value;
}
