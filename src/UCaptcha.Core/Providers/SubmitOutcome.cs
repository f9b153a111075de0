using UCaptcha.Core.Billing;

namespace UCaptcha.Core.Providers;

/// <summary>How a submission to a provider ended.</summary>
public abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>The provider took the task and named it.</summary>
    /// <param name="UpstreamId">The provider's id, as text whatever its JSON type.</param>
    public sealed record Accepted(string UpstreamId) : SubmitOutcome;

    /// <summary>The provider answered with the solution at once.</summary>
    /// <param name="UpstreamId">The provider's id, for reports; empty when it gave none.</param>
    /// <param name="Solution">The solution and its cost.</param>
    public sealed record Solved(string UpstreamId, UpstreamSolution Solution) : SubmitOutcome;

    /// <summary>The provider, or the network before it, refused: no task exists upstream.</summary>
    public sealed record Refused(ProviderError Error) : SubmitOutcome;

    /// <summary>The request was sent and no readable answer came: a task may exist upstream, and may be billed.</summary>
    public sealed record Unknown(ProviderError Error) : SubmitOutcome;
}

/// <summary>A solution as it came from a provider, in the gateway's own words.</summary>
/// <param name="Json">A UTF-8 JSON object with normalised member names.</param>
/// <param name="Cost">What the provider said it charged, at least 0, or null when it did not say.</param>
public sealed record UpstreamSolution(ReadOnlyMemory<byte> Json, Usd? Cost);
