using UCaptcha.Core.Billing;

namespace UCaptcha.Core.Routing;

/// <summary>An account that could serve a task, with what is known of it for the task's family.</summary>
/// <param name="Account">The account's slug.</param>
/// <param name="Kind">The kind of provider.</param>
/// <param name="Estimate">What a solve there is likely to cost and take.</param>
public sealed record Candidate(string Account, string Kind, Estimate Estimate);

/// <summary>What is expected of an account for one family.</summary>
/// <param name="Cost">Price of a solve.</param>
/// <param name="SolveTime">From submission to solution.</param>
/// <param name="SuccessRate">0 to 1.</param>
/// <param name="Samples">How many observations stand behind it, decayed ones included; 0 means that it is all prior.</param>
public sealed record Estimate(Usd Cost, TimeSpan SolveTime, double SuccessRate, long Samples);

/// <summary>A candidate after ranking.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Score">The policy's score; higher is better.</param>
/// <param name="Dominated">The policy dropped it from the choice; it is tried only when the others failed.</param>
/// <param name="Reason">Why it stands where it stands, for a person.</param>
public sealed record RankedCandidate(Candidate Candidate, double Score, bool Dominated, string Reason);
