namespace UCaptcha.Core.Routing;

/// <summary>Ranks the accounts that could serve a task. Pure: the same question has the same answer.</summary>
public interface IRoutingPolicy
{
    /// <summary>The name in <c>UCaptcha__Routing__Policy</c>.</summary>
    string Name { get; }

    /// <summary>Ranks all candidates, best first. Attempts walk the ranking.</summary>
    /// <param name="candidates">At least one.</param>
    /// <param name="speedWeight">0 (only cost counts) to 100 (only speed counts).</param>
    IReadOnlyList<RankedCandidate> Rank(IReadOnlyList<Candidate> candidates, int speedWeight);
}
