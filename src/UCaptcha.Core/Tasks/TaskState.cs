namespace UCaptcha.Core.Tasks;

/// <summary>Where a task stands inside the gateway. Stored by number: never renumber.</summary>
public enum TaskState
{
    /// <summary>Waiting for an account.</summary>
    Queued = 0,

    /// <summary>The intent to submit is committed; the upstream call may have been made.</summary>
    Submitting = 1,

    /// <summary>A provider has it, and its id is committed.</summary>
    Submitted = 2,

    /// <summary>Solved.</summary>
    Ready = 3,

    /// <summary>Given up.</summary>
    Failed = 4,
}

/// <summary>Where an attempt stands. Stored by number: never renumber.</summary>
public enum AttemptState
{
    /// <summary>Committed before the upstream call.</summary>
    Submitting = 0,

    /// <summary>The upstream id is committed.</summary>
    Submitted = 1,

    /// <summary>Brought the solution.</summary>
    Solved = 2,

    /// <summary>Refused, unsolved or given up.</summary>
    Failed = 3,

    /// <summary>May or may not exist upstream: cut off between intent and upstream id.</summary>
    Lost = 4,
}
