namespace UCaptcha.Server.Callbacks;

/// <summary>How one try of a callback ended.</summary>
/// <param name="Verdict">Whether the receiver has it, and whether another try may help.</param>
/// <param name="Reason">What happened, for the log and the history; never holds the URL or the solution.</param>
/// <param name="RetryAfter">What the receiver asked for, or null.</param>
internal readonly record struct CallbackOutcome(CallbackVerdict Verdict, string Reason, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether the receiver answered; null when it was not asked.</summary>
    public bool? Answered { get; init; }

    /// <summary>The receiver has it.</summary>
    public static CallbackOutcome Delivered(string reason) => new(CallbackVerdict.Delivered, reason) { Answered = true };

    /// <summary>It failed this time, and not for the receiver.</summary>
    public static CallbackOutcome Failed(string reason) => new(CallbackVerdict.Failed, reason);

    /// <summary>The receiver could not be reached, or did not answer.</summary>
    public static CallbackOutcome Silent(string reason) => new(CallbackVerdict.Failed, reason) { Answered = false };

    /// <summary>The receiver answered that it did not take it.</summary>
    public static CallbackOutcome Refused(string reason, TimeSpan? retryAfter) => new(CallbackVerdict.Failed, reason, retryAfter) { Answered = true };

    /// <summary>No other try can help.</summary>
    public static CallbackOutcome Hopeless(string reason) => new(CallbackVerdict.Hopeless, reason);
}

/// <summary>What a try means for the callback.</summary>
internal enum CallbackVerdict
{
    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>It is to be tried again.</summary>
    Failed,

    /// <summary>It is to be given up.</summary>
    Hopeless,
}
