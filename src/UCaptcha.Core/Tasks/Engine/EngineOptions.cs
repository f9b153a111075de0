namespace UCaptcha.Core.Tasks.Engine;

/// <summary>The budgets of a task and the limits of the engine: <c>UCaptcha__Engine__*</c>.</summary>
public sealed record EngineOptions
{
    /// <summary>From acceptance to the moment a task fails for lack of time. 1 s to 1 h; default 180 s.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How many accounts may try one task, 1 to 10; default 3. A clean refusal because an account was busy or out of reach is no try.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>What to do with a task whose submission may or may not have reached a provider; default elsewhere.</summary>
    public UnknownSubmission OnUnknownSubmission { get; init; } = UnknownSubmission.Elsewhere;

    /// <summary>How many tasks may be under way; beyond it createTask is refused as overload. Default 250000.</summary>
    public int MaxUnfinished { get; init; } = 250_000;

    /// <summary>When accepting a task takes longer than this, new ones are refused until it does not. 0 (never) to 60 s; default 250 ms.</summary>
    public TimeSpan MaxAcceptDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a result is kept after its task ended; default 1 hour.</summary>
    public TimeSpan ResultLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a request id is remembered; never under 24 h, the default.</summary>
    public TimeSpan RequestIdLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether the first bad report on a result, within its lifetime, gives the charge back; default true.</summary>
    public bool RefundBadReports { get; init; } = true;

    /// <summary>How long createTask waits for an account that answers at once before it says processing; default 10 s.</summary>
    public TimeSpan AnswerAtOnceWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how much silence a watched task is shown again, so that nothing between here and the watcher cuts the stream. Default 20 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>What becomes of a task whose submission may or may not have reached a provider.</summary>
public enum UnknownSubmission
{
    /// <summary>Another account tries it; the first may bill a second solve.</summary>
    Elsewhere,

    /// <summary>The task fails.</summary>
    Fail,
}
