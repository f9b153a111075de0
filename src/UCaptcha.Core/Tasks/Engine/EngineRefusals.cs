namespace UCaptcha.Core.Tasks.Engine;

/// <summary>What the engine says when it takes no task now. Nothing was stored; the same call may succeed later.</summary>
public static class EngineRefusals
{
    /// <summary>When a refused caller should try again.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(5);

    internal static RefusedException Overloaded(string why) => new(ErrorCodes.ServiceNotAvailable, why, retryAfter: RetryAfter);

    internal static RefusedException Stopping() => new(ErrorCodes.ServiceNotAvailable, "The server is stopping.", retryAfter: RetryAfter);
}
