using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Callbacks;
using UCaptcha.V1;
using CallbackState = UCaptcha.V1.CallbackState;
using CallbackTry = UCaptcha.V1.CallbackTry;

namespace UCaptcha.Server.Admin;

/// <summary>Shows callbacks and sends them again.</summary>
internal sealed class CallbackDesk(ICallbackStore store, ReceiverBreakers breakers, CallbackBell bell)
{
    /// <exception cref="RefusedException">The page cannot be had.</exception>
    public async Task<ListCallbacksResponse> ListAsync(ListCallbacksRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.Size(request.PageSize);
        var page = await store.ListCallbacksAsync(
            new CallbackFilter(
                request.KeyId == 0 ? null : request.KeyId,
                Ids.ReadOptional("taskId", request.TaskId),
                AdminRefusals.Known("state", request.State) == CallbackState.Unspecified ? null : (Core.Storage.CallbackState)(request.State - 1),
                Paging.Id(request.PageToken),
                size),
            cancellationToken);
        return new ListCallbacksResponse { Callbacks = { page.Select(Render) }, NextPageToken = Paging.Next(page, size, callback => callback.Id) };
    }

    /// <exception cref="RefusedException">There is none of this id.</exception>
    public async Task<GetCallbackResponse> GetAsync(string id, CancellationToken cancellationToken)
    {
        var callback = await FindAsync(id, cancellationToken);
        var tries = await store.ListCallbackTriesAsync(callback.Id, cancellationToken);
        return new GetCallbackResponse { Callback = Render(callback), Tries = { tries.Select(Render) } };
    }

    /// <exception cref="RefusedException">There is none of this id.</exception>
    public async Task<Callback> ReplayAsync(string id, ChangedBy by, CancellationToken cancellationToken)
    {
        var callback = await FindAsync(id, cancellationToken);
        if (!await store.ReplayCallbackAsync(callback.Id, by, cancellationToken))
            throw AdminRefusals.NotFound("callbackId", "callback");
        breakers.Forget(callback);
        bell.Ring();
        return Render(await FindAsync(id, cancellationToken));
    }

    private async Task<StoredCallback> FindAsync(string id, CancellationToken cancellationToken) =>
        await store.FindCallbackAsync(Ids.Read("callbackId", id), cancellationToken) ?? throw AdminRefusals.NotFound("callbackId", "callback");

    private static Callback Render(StoredCallback callback) => new()
    {
        Id = callback.Id.ToString(),
        TaskId = callback.TaskId.ToString(),
        KeyId = callback.KeyId,
        Receiver = callback.Receiver,
        Dialect = callback.Dialect,
        State = (CallbackState)(callback.State + 1),
        EndedAt = callback.EndedAt.ToMessage(),
        DueAt = callback.State == Core.Storage.CallbackState.Pending ? callback.DueAt.ToMessage() : null,
        SettledAt = callback.SettledAt.ToMessage(),
        TryCount = callback.Tries,
        LastOutcome = callback.LastOutcome ?? "",
    };

    private static CallbackTry Render(Core.Storage.CallbackTry attempt) => new()
    {
        Number = attempt.Number,
        At = attempt.At.ToMessage(),
        TookMs = (long)attempt.Took.TotalMilliseconds,
        Outcome = attempt.Outcome,
    };
}
