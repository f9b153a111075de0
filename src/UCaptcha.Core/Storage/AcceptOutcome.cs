namespace UCaptcha.Core.Storage;

/// <summary>What became of a task that was to be stored.</summary>
public enum AcceptResult
{
    /// <summary>Committed.</summary>
    Accepted,

    /// <summary>The key used this request id for the same request: <see cref="AcceptOutcome.ExistingTaskId"/> is its task. Nothing was stored.</summary>
    Repeated,

    /// <summary>The key used this request id for another request. Nothing was stored.</summary>
    RequestIdTaken,

    /// <summary>The short id is in use by this key: draw another. Nothing was stored.</summary>
    ShortIdTaken,

    /// <summary>The key's budget does not cover the reserve. Nothing was stored.</summary>
    BudgetUsedUp,

    /// <summary>The customer's balance does not cover the reserve. Nothing was stored.</summary>
    BalanceUsedUp,
}

/// <summary>What became of a task that was to be stored.</summary>
/// <param name="Result">The outcome.</param>
/// <param name="ExistingTaskId">The earlier task of a repeated request.</param>
/// <param name="Forgotten">What is still known of that task when its result was purged, else null.</param>
public readonly record struct AcceptOutcome(AcceptResult Result, Guid ExistingTaskId = default, ForgottenTask? Forgotten = null);
