namespace UCaptcha.Core.Storage;

/// <summary>
/// Keeps callbacks, from the commit of the end of their task (<see cref="TaskEnd.Callback"/>) until they are purged.
/// Throws <see cref="StoreUnavailableException"/> as <see cref="ITaskStore"/> does.
/// </summary>
public interface ICallbackStore
{
    /// <summary>
    /// Takes callbacks that are due and counts a try for each. Until <see cref="CallbackClaim.Until"/> nobody else gets them; one whose outcome is not
    /// recorded by then, or whose node is gone, is due again. Those that were tried least come first.
    /// </summary>
    ValueTask<IReadOnlyList<StoredCallback>> ClaimCallbacksAsync(CallbackClaim claim, CancellationToken cancellationToken);

    /// <summary>When the next callback is due, or null when none is pending.</summary>
    ValueTask<DateTimeOffset?> NextCallbackDueAsync(CancellationToken cancellationToken);

    /// <summary>Commits what came of a claimed try. False when the claim was over and somebody else has it: then nothing is written.</summary>
    ValueTask<bool> RecordCallbackAsync(CallbackRecord record, CancellationToken cancellationToken);

    /// <summary>One callback, or null when there is none (any more).</summary>
    ValueTask<StoredCallback?> FindCallbackAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Callbacks, newest first.</summary>
    ValueTask<IReadOnlyList<StoredCallback>> ListCallbacksAsync(CallbackFilter filter, CancellationToken cancellationToken);

    /// <summary>The tries of a callback that came to an end, in order.</summary>
    ValueTask<IReadOnlyList<CallbackTry>> ListCallbackTriesAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a callback due now, wherever it stands, with the whole schedule before it. One that is being sent at this moment stays as it is.
    /// False when there is none (any more). The audit log has a row of it in the same transaction.
    /// </summary>
    ValueTask<bool> ReplayCallbackAsync(Guid id, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>How many callbacks are pending.</summary>
    ValueTask<long> CountPendingCallbacksAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Puts off callbacks of one lane that were claimed and not tried, and with them all that wait in it and would be due sooner; those that were tried
    /// less often are due first, by milliseconds.
    /// </summary>
    ValueTask DeferCallbacksAsync(CallbackLane lane, IReadOnlyCollection<StoredCallback> claimed, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Gives up pending callbacks that are too old or too many, the oldest first, with their tries kept; those that are being sent stay. Returns how
    /// many, at most <see cref="CallbackExcess.Limit"/>.
    /// </summary>
    ValueTask<int> GiveUpCallbacksAsync(CallbackExcess excess, CancellationToken cancellationToken);

    /// <summary>Forgets callbacks that were settled before a moment, with their tries, at most so many; returns how many. Pending ones stay.</summary>
    ValueTask<int> PurgeCallbacksAsync(DateTimeOffset settledBefore, int limit, CancellationToken cancellationToken);
}

/// <summary>What to take.</summary>
/// <param name="Now">What is due by now.</param>
/// <param name="Until">When a claim is over whose outcome was not recorded.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="LimitPerReceiver">At most so many to one receiver.</param>
/// <param name="BusyReceivers">Receivers to pass over.</param>
/// <param name="BusyKeys">Keys to pass over.</param>
public sealed record CallbackClaim(
    DateTimeOffset Now,
    DateTimeOffset Until,
    int Limit,
    int LimitPerReceiver,
    IReadOnlyCollection<string> BusyReceivers,
    IReadOnlyCollection<long> BusyKeys);

/// <summary>What is too old or too many.</summary>
/// <param name="Now">The time.</param>
/// <param name="Dead">Lanes whose receiver has not answered for long.</param>
/// <param name="EndedBefore">In those, what ended before has waited too long.</param>
/// <param name="MostPerKey">So many may be pending of one key; null for any number.</param>
/// <param name="Limit">At most so many at a time.</param>
public sealed record CallbackExcess(
    DateTimeOffset Now, IReadOnlyCollection<CallbackLane> Dead, DateTimeOffset EndedBefore, int? MostPerKey, int Limit);

/// <summary>What came of a claimed try, and how the callback goes on.</summary>
/// <param name="Id">The callback.</param>
/// <param name="Try">The try.</param>
/// <param name="State">Where the callback stands after it.</param>
/// <param name="DueAt">When it is tried next while pending, else the end of the try.</param>
/// <param name="Step">How many waits of the schedule are behind it.</param>
public sealed record CallbackRecord(Guid Id, CallbackTry Try, CallbackState State, DateTimeOffset DueAt, int Step);

/// <summary>Which callbacks to list; a null passes everything.</summary>
/// <param name="KeyId">Those of a key.</param>
/// <param name="TaskId">That of a task.</param>
/// <param name="State">Those in a state.</param>
/// <param name="Before">Those older than this one: the last of the page before.</param>
/// <param name="Limit">At most so many.</param>
public sealed record CallbackFilter(long? KeyId = null, Guid? TaskId = null, CallbackState? State = null, Guid? Before = null, int Limit = 100);
