using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Storage;

/// <summary>The end of an attempt.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Number">The attempt's number.</param>
/// <param name="State">Solved, Failed or Lost.</param>
/// <param name="At">When.</param>
/// <param name="UpstreamId">The provider's id when it became known only now, else null.</param>
/// <param name="ErrorCode">The provider's error code, or null.</param>
/// <param name="ErrorClass">Its class, or null.</param>
/// <param name="Cost">What the provider charged. Booked to operator_loss unless the attempt solved the task.</param>
/// <param name="Statistics">The account's record after it, or null when it does not count.</param>
public sealed record AttemptEnd(
    Guid TaskId,
    int Number,
    AttemptState State,
    DateTimeOffset At,
    string? UpstreamId,
    string? ErrorCode,
    string? ErrorClass,
    Usd Cost,
    StatisticsRow? Statistics);

/// <summary>The end of a task: its last attempt, its result, and the money, in one transaction.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="KeyId">Its key.</param>
/// <param name="State">Ready or Failed.</param>
/// <param name="At">When.</param>
/// <param name="Solution">UTF-8 JSON when ready, else empty.</param>
/// <param name="ErrorCode">Why it failed, or null.</param>
/// <param name="ErrorDescription">The same in a sentence, or null.</param>
/// <param name="Charge">What the key pays; zero on failure. The rest of the reserve is freed.</param>
/// <param name="Attempt">The attempt that ended with it, or null when none was under way.</param>
public sealed record TaskEnd(
    Guid TaskId,
    long KeyId,
    TaskState State,
    DateTimeOffset At,
    ReadOnlyMemory<byte> Solution,
    string? ErrorCode,
    string? ErrorDescription,
    Usd Charge,
    AttemptEnd? Attempt)
{
    /// <summary>The callback that the end owes, committed with it; null for a task without a callback URL.</summary>
    public NewCallback? Callback { get; init; }
}
