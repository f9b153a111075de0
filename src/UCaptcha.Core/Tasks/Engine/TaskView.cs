using UCaptcha.Core.Billing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>What a client may see of a task. Committed before it is shown.</summary>
public sealed record TaskView
{
    /// <summary>The task's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The short id, for dialects with numbers.</summary>
    public required int ShortId { get; init; }

    /// <summary>Where it stands.</summary>
    public required TaskStatus Status { get; init; }

    /// <summary>How many attempts were begun.</summary>
    public int Attempt { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The solution as a UTF-8 JSON object when ready and not purged, else empty.</summary>
    public ReadOnlyMemory<byte> Solution { get; init; }

    /// <summary>What it cost, when ready.</summary>
    public Usd Cost { get; init; }

    /// <summary>From acceptance to the solution, when ready.</summary>
    public TimeSpan SolveTime { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same in a sentence, or null.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>Its place in the commit order of ended tasks; 0 while it is under way.</summary>
    public long Sequence { get; init; }

    /// <summary>Whether it is ready or failed.</summary>
    public bool Ended => Status != TaskStatus.Processing;

    /// <summary>What a client may see of a stored task.</summary>
    public static TaskView Of(StoredTask task) => new()
    {
        Id = task.Id,
        ShortId = task.ShortId,
        Status = task.State switch
        {
            TaskState.Ready => TaskStatus.Ready,
            TaskState.Failed => TaskStatus.Failed,
            _ => TaskStatus.Processing,
        },
        Attempt = task.Attempts,
        CreatedAt = task.CreatedAt,
        EndedAt = task.FinishedAt,
        Solution = task.Solution,
        Cost = task.Cost,
        SolveTime = task.State == TaskState.Ready ? task.FinishedAt!.Value - task.CreatedAt : default,
        ErrorCode = task.ErrorCode,
        ErrorDescription = task.ErrorDescription,
        Sequence = task.Sequence ?? 0,
    };

    /// <summary>What a client may see of a task whose result was purged: how it ended, without the solution.</summary>
    public static TaskView Of(Guid id, ForgottenTask task) => new()
    {
        Id = id,
        ShortId = task.ShortId,
        Status = task.State == TaskState.Ready ? TaskStatus.Ready : TaskStatus.Failed,
        Attempt = task.Attempts,
        CreatedAt = task.CreatedAt,
        EndedAt = task.FinishedAt,
        Cost = task.Cost,
        SolveTime = task.State == TaskState.Ready ? task.FinishedAt - task.CreatedAt : default,
        ErrorCode = task.ErrorCode,
        ErrorDescription = task.ErrorDescription,
    };
}

/// <summary>Where a task stands, as a client sees it.</summary>
public enum TaskStatus
{
    /// <summary>Accepted and not at an end.</summary>
    Processing,

    /// <summary>Solved.</summary>
    Ready,

    /// <summary>Given up; nothing was charged.</summary>
    Failed,
}
