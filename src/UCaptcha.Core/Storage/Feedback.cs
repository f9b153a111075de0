namespace UCaptcha.Core.Storage;

/// <summary>A client's verdict on a solution.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Invalid">The site refused the solution.</param>
/// <param name="Code">The client's code.</param>
/// <param name="Message">The client's words.</param>
/// <param name="At">When.</param>
public sealed record Feedback(Guid TaskId, bool Invalid, string Code, string Message, DateTimeOffset At)
{
    /// <summary>Gives the charge back, in the same transaction.</summary>
    public bool Refund { get; init; }
}
