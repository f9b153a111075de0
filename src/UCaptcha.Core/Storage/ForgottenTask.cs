using UCaptcha.Core.Billing;
using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Storage;

/// <summary>What is still known of a task whose result was purged: kept with its request id.</summary>
/// <param name="ShortId">Its short id, which another task of the key may have by now.</param>
/// <param name="State">Ready or Failed.</param>
/// <param name="Attempts">How many attempts were begun.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Cost">What the key was charged, when ready.</param>
/// <param name="ErrorCode">Why it failed, or null.</param>
/// <param name="ErrorDescription">The same in a sentence, or null.</param>
public sealed record ForgottenTask(
    int ShortId, TaskState State, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset FinishedAt, Usd Cost, string? ErrorCode, string? ErrorDescription);
