using UCaptcha.Core.Billing;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Providers;

/// <summary>One credential at one provider. Implementations never throw for what a provider or the network does, only on cancellation.</summary>
public interface IProviderAccount
{
    /// <summary>The account's name in configuration: lower-case letters, digits and dashes.</summary>
    string Slug { get; }

    /// <summary>The kind of provider, such as <c>capmonster</c>.</summary>
    string Kind { get; }

    /// <summary>When and how often the provider may be asked for a result.</summary>
    PollPlan PollPlan { get; }

    /// <summary>How many tasks may be under way at once; at least 1.</summary>
    int MaxConcurrent { get; }

    /// <summary>Whether the provider takes this very task: its family, with or without proxy, within its size limits.</summary>
    bool Serves(TaskRequest request);

    /// <summary>The price of one solve of the family, or null when none is known.</summary>
    Usd? ListPrice(CaptchaFamily family);

    /// <summary>Whether the provider answers a submission of the family with the solution itself.</summary>
    bool AnswersAtOnce(CaptchaFamily family) => false;

    /// <summary>Hands the task over. Called at most once for an attempt.</summary>
    Task<SubmitOutcome> SubmitAsync(TaskRequest request, CancellationToken cancellationToken);

    /// <summary>Asks for the result of an accepted task.</summary>
    /// <param name="request">The task, for the normalisation of its solution.</param>
    /// <param name="upstreamId">The id that <see cref="SubmitAsync"/> returned.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<PollOutcome> PollAsync(TaskRequest request, string upstreamId, CancellationToken cancellationToken);

    /// <summary>Asks for the balance.</summary>
    Task<BalanceOutcome> GetBalanceAsync(CancellationToken cancellationToken);

    /// <summary>Tells the provider how a solution fared, where it has a method for that; otherwise does nothing.</summary>
    Task ReportAsync(TaskRequest request, string upstreamId, bool invalid, CancellationToken cancellationToken);
}

/// <summary>When and how often a provider may be asked for a result.</summary>
/// <param name="FirstPoll">From submission to the first poll.</param>
/// <param name="Interval">Between two polls of one task.</param>
/// <param name="MaxPolls">The most polls the provider allows for one task.</param>
public sealed record PollPlan(TimeSpan FirstPoll, TimeSpan Interval, int MaxPolls);

/// <summary>An account's balance, or why it is not known.</summary>
/// <param name="Balance">The balance, or null.</param>
/// <param name="Error">Why there is none, or null.</param>
public sealed record BalanceOutcome(Usd? Balance, ProviderError? Error);
