namespace UCaptcha.Server.Callbacks;

/// <summary>How one try of a callback ended.</summary>
/// <param name="Delivered">Whether the receiver answered 2xx.</param>
/// <param name="MayRetry">Whether another try can help.</param>
/// <param name="Reason">Why it was not delivered, for the log; never holds the URL or the solution.</param>
internal readonly record struct CallbackOutcome(bool Delivered, bool MayRetry, string Reason)
{
    /// <summary>The receiver has it.</summary>
    public static readonly CallbackOutcome Done = new(Delivered: true, MayRetry: false, Reason: "");

    /// <summary>It failed this time.</summary>
    public static CallbackOutcome Failed(string reason) => new(Delivered: false, MayRetry: true, reason);

    /// <summary>It can never succeed.</summary>
    public static CallbackOutcome Refused(string reason) => new(Delivered: false, MayRetry: false, reason);
}
