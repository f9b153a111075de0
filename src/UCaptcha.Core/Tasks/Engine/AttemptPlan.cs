using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Where the next attempt of a task may go, or why there is none. Ranking is left until there is room somewhere.</summary>
internal sealed class AttemptPlan
{
    private readonly Func<IReadOnlyList<RankedCandidate>> _rank;
    private readonly Func<IReadOnlyList<RankedCandidate>, RoutingDecision> _decide;
    private IReadOnlyList<RankedCandidate>? _ranking;

    private AttemptPlan(
        IReadOnlyList<AccountGate> gates, Func<IReadOnlyList<RankedCandidate>> rank, Func<IReadOnlyList<RankedCandidate>, RoutingDecision> decide) =>
        (Gates, _rank, _decide) = (gates, rank, decide);

    /// <summary>The gates to try, in no order; at least one unless given up.</summary>
    public IReadOnlyList<AccountGate> Gates { get; }

    /// <summary>Why the task fails now, or null.</summary>
    public ClientError? GivenUp { get; private init; }

    public static AttemptPlan GiveUp(string code, string description) => GiveUp(new ClientError(code, description));

    public static AttemptPlan GiveUp(ClientError reason) => new([], () => [], _ => null!) { GivenUp = reason };

    /// <param name="gates">The gates to try.</param>
    /// <param name="rank">Ranks their accounts, best first.</param>
    /// <param name="decide">Says why, given the ranking.</param>
    public static AttemptPlan Try(
        IReadOnlyList<AccountGate> gates, Func<IReadOnlyList<RankedCandidate>> rank, Func<IReadOnlyList<RankedCandidate>, RoutingDecision> decide) =>
        new(gates, rank, decide);

    /// <summary>The best account that lets the task in now, or null.</summary>
    public GateEntry? TryEnterAtOnce()
    {
        if (!HasRoom())
            return null;
        foreach (var ranked in Ranking())
        {
            foreach (var gate in Gates)
            {
                if (gate.Account.Slug == ranked.Candidate.Account && gate.TryEnter() is { } entry)
                    return entry;
            }
        }

        return null;
    }

    /// <summary>The decision as JSON, with the account that was entered.</summary>
    public string Explain(string chosen) => (_decide(Ranking()) with { Chosen = chosen }).ToJson();

    private IReadOnlyList<RankedCandidate> Ranking() => _ranking ??= _rank();

    private bool HasRoom()
    {
        foreach (var gate in Gates)
        {
            if (gate.HasRoom)
                return true;
        }

        return false;
    }
}
