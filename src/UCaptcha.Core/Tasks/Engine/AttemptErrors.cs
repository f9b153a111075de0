using UCaptcha.Core.Providers;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Ends of an attempt that no provider has a code for.</summary>
internal static class AttemptErrors
{
    public static ProviderError TimeUp { get; } = new(ErrorClass.Retryable, "TIME_UP", "The task's time was over before the provider solved it.");

    public static ProviderError PollLimit { get; } = new(ErrorClass.Retryable, "POLL_LIMIT", "The provider allows no more polls for this task.");

    public static ProviderError CutByRestart { get; } = new(ErrorClass.Lost, "CUT_BY_RESTART", "The server stopped between the intent to submit and the provider's answer.");

    public static ProviderError CutByFault { get; } = new(ErrorClass.Lost, "CUT_BY_FAULT", "The task ended by a fault of this server.");

    public static ProviderError AccountGone { get; } = new(ErrorClass.Lost, "ACCOUNT_GONE", "The account is no longer configured.");
}
