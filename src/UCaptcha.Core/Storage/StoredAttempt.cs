using UCaptcha.Core.Tasks;

namespace UCaptcha.Core.Storage;

/// <summary>One try of a task on one account, as the store keeps it.</summary>
public sealed record StoredAttempt
{
    /// <summary>The task.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>The account's slug.</summary>
    public required string Account { get; init; }

    /// <summary>The kind of provider.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public AttemptState State { get; init; } = AttemptState.Submitting;

    /// <summary>Why this account was chosen: candidates, scores and reasons, as JSON.</summary>
    public required string Decision { get; init; }

    /// <summary>When the intent was committed.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the upstream id was committed, or null.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The provider's id, or null.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>The provider's error code after which it ended, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The class of that error, or null.</summary>
    public string? ErrorClass { get; init; }

    /// <summary>What the provider charged for it, in micro-dollars; 0 when it charged nothing.</summary>
    public long CostMicros { get; init; }
}
