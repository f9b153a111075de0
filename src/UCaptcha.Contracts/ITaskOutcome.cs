namespace UCaptcha.V1;

/// <summary>What every message that tells where a task stands has in common.</summary>
public interface ITaskOutcome
{
    /// <summary>Where the task stands.</summary>
    TaskStatus Status { get; set; }

    /// <summary>The solution, when ready.</summary>
    Solution Solution { get; set; }

    /// <summary>What the task cost in USD, when ready.</summary>
    double Cost { get; set; }

    /// <summary>Milliseconds from acceptance to the solution, when ready.</summary>
    long SolveTime { get; set; }

    /// <summary>Why the task failed, when failed.</summary>
    string ErrorCode { get; set; }

    /// <summary>The same in a sentence.</summary>
    string ErrorDescription { get; set; }

    /// <summary>What dialects show beside the rest.</summary>
    TaskFacts Facts { get; set; }
}

public sealed partial class CreateTaskResponse : ITaskOutcome;

public sealed partial class GetTaskResultResponse : ITaskOutcome;

public sealed partial class SolveTaskResponse : ITaskOutcome;

public sealed partial class WatchTaskResponse : ITaskOutcome;

public sealed partial class WatchTasksResponse : ITaskOutcome;
