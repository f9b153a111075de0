using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Answers requests that come again: with the task that they made, whatever is allowed by now.</summary>
internal sealed class EarlierRequests(ITaskStore store)
{
    /// <summary>The task of a request that was accepted before, or null when its id is new.</summary>
    /// <exception cref="RefusedException">The id was used for another request.</exception>
    public async ValueTask<Acceptance?> FindAsync(NewTask request, CancellationToken cancellationToken)
    {
        if (request.RequestId is not { } id)
            return null;
        var outcome = await store.FindRequestAsync(request.Key.Id, id, RequestFingerprint.Of(request), cancellationToken).ConfigureAwait(false);
        return outcome is { } earlier ? Answer(earlier) : null;
    }

    /// <summary>What a repetition is answered.</summary>
    /// <exception cref="RefusedException">The id was used for another request.</exception>
    public static Acceptance Answer(AcceptOutcome earlier) => earlier.Result == AcceptResult.Repeated
        ? new Acceptance(null, earlier.ExistingTaskId, MayAnswerAtOnce: false) { Forgotten = earlier.Forgotten }
        : throw new RefusedException(ErrorCodes.DuplicateRequest, "requestId was used for another request.", "requestId");
}
