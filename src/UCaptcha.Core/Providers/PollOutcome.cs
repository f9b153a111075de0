namespace UCaptcha.Core.Providers;

/// <summary>What a provider says of a task it accepted.</summary>
public abstract record PollOutcome
{
    private PollOutcome()
    {
    }

    /// <summary>Not done yet.</summary>
    public sealed record Pending : PollOutcome
    {
        /// <summary>The one instance.</summary>
        public static Pending Instance { get; } = new();
    }

    /// <summary>Done.</summary>
    public sealed record Solved(UpstreamSolution Solution) : PollOutcome;

    /// <summary>At an end without a solution.</summary>
    public sealed record Failed(ProviderError Error) : PollOutcome;

    /// <summary>This poll told nothing (network, HTTP 5xx, polled too often): the task is still to be followed, after the error's RetryAfter if it has one.</summary>
    public sealed record Inconclusive(ProviderError Error) : PollOutcome;
}
