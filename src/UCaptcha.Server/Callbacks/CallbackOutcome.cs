namespace UCaptcha.Server.Callbacks;

/// <summary>How one try of a callback ended.</summary>
/// <param name="Verdict">Whether the receiver has it, and whether another try may help.</param>
/// <param name="Reason">What happened, for the log and the history; never holds the URL or the solution.</param>
/// <param name="RetryAfter">What the receiver asked for, or null.</param>
internal readonly record struct CallbackOutcome(CallbackVerdict Verdict, string Reason, TimeSpan? RetryAfter = null)
{
    /// <summary>The receiver has it.</summary>
    public static CallbackOutcome Delivered(string reason) => new(CallbackVerdict.Delivered, reason);

    /// <summary>It failed this time.</summary>
    public static CallbackOutcome Failed(string reason, TimeSpan? retryAfter = null) => new(CallbackVerdict.Failed, reason, retryAfter);

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
