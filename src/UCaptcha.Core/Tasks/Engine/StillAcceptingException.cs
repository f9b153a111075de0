using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>A client has waited long enough for a task that the store has begun to accept.</summary>
/// <param name="answer">What the store is still to say.</param>
internal sealed class StillAcceptingException(Task<AcceptOutcome> answer) : StoreUnavailableException("The store did not say in time whether it committed.")
{
    public Task<AcceptOutcome> Answer { get; } = answer;
}
