using System.Buffers.Binary;
using System.Security.Cryptography;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>Checks a task that a client asks for and commits it: shape, fields, domains, accounts, then money.</summary>
internal sealed class TaskAcceptance(
    PatientAcceptance store,
    TaskCatalogue catalogue,
    LeaseTerm term,
    Router router,
    DomainRules deniedDomains,
    EngineOptions options,
    TimeProvider clock,
    RandomNumberGenerator random,
    EarlierRequests earlier)
{
    /// <summary>Hears of a task that may or may not have been stored.</summary>
    public required Action<LiveTask> InDoubt { get; init; }

    /// <summary>Hears of a task that the store is still about to accept, or not, when its client does not wait for it any more.</summary>
    public required Action<LiveTask, Task<AcceptOutcome>> Left { get; init; }

    private const int MaxRequestIdLength = 255;
    private const int MaxCallbackUrlLength = 2048;

    public async ValueTask<Acceptance> AcceptAsync(NewTask request, CancellationToken cancellationToken)
    {
        CheckEnvelope(request);
        var task = catalogue.Read(request.Json);
        var all = router.Accounts;
        IReadOnlyList<IProviderAccount> accounts;
        try
        {
            CheckDomain(task, request.Key);
            accounts = router.Eligible(task, request.Key, request.Provider);
        }
        catch (RefusedException) when (request.RequestId is not null)
        {
            // What is allowed may have changed since the request was accepted.
            if (await earlier.FindAsync(request, cancellationToken).ConfigureAwait(false) is { } repeated)
                return repeated;
            throw;
        }

        var weight = SpeedWeight(request);
        var now = clock.GetUtcNow();
        var stored = new StoredTask
        {
            Id = Guid.CreateVersion7(now),
            ShortId = DrawShortId(),
            KeyId = request.Key.Id,
            Family = task.Family.Name,
            Request = task.Json,
            SpeedWeight = weight,
            Provider = request.Provider,
            CallbackUrl = request.CallbackUrl,
            Dialect = request.Dialect,
            RequestId = request.RequestId,
            Fingerprint = request.RequestId is null ? default : RequestFingerprint.Of(request),
            CreatedAt = now,
            Deadline = now + options.TimeBudget,
            Reserved = router.HighestPrice(task.Family, accounts),
        };

        while (true)
        {
            var live = new LiveTask(stored, catalogue, request.Key, term.Now);
            var outcome = await StoreAsync(live, cancellationToken).ConfigureAwait(false);
            switch (outcome.Result)
            {
                case AcceptResult.Accepted:
                    live.EligibleAmong(all, () => accounts);
                    return new Acceptance(live, Guid.Empty, AnswersAtOnce(task, accounts, weight));
                case AcceptResult.Repeated or AcceptResult.RequestIdTaken:
                    return EarlierRequests.Answer(outcome);
                case AcceptResult.BudgetUsedUp:
                    throw new RefusedException(ErrorCodes.ZeroBalance, "The budget of this key does not cover the task.");
                case AcceptResult.BalanceUsedUp:
                    throw new RefusedException(ErrorCodes.ZeroBalance, "The balance of this key's customer does not cover the task.");
                default:
                    stored = stored with { ShortId = DrawShortId() };
                    break;
            }
        }
    }

    private async ValueTask<AcceptOutcome> StoreAsync(LiveTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await store.AcceptAsync(task.Stored, cancellationToken).ConfigureAwait(false);
        }
        catch (StillAcceptingException accepting)
        {
            Left(task, accepting.Answer);
            throw;
        }
        catch (StoreUnavailableException unavailable) when (unavailable.MayHaveWritten)
        {
            InDoubt(task);
            throw;
        }
    }

    private static void CheckEnvelope(NewTask request)
    {
        if (request.RequestId is { } id && (id.Length is 0 or > MaxRequestIdLength || id.Any(char.IsControl)))
            throw new RefusedException(ErrorCodes.BadParameters, "requestId must have 1 to 255 characters, none of them a control character.", "requestId");
        if (request.CallbackUrl is not { } url)
            return;
        if (url.Length > MaxCallbackUrlLength
            || !Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps))
            throw new RefusedException(ErrorCodes.BadParameters, "callbackUrl must be a full http or https URL of at most 2048 characters.", "callbackUrl");
    }

    private void CheckDomain(TaskRequest task, ApiKey key)
    {
        if (task.PageHost is not { } host)
            return;
        if (deniedDomains.Matches(host))
            throw new RefusedException(ErrorCodes.DomainNotAllowed, "task.websiteURL is on a domain that this server does not serve.", "task.websiteURL");
        if (!key.Settings.AllowedDomains.IsEmpty && !key.Settings.AllowedDomains.Matches(host))
            throw new RefusedException(ErrorCodes.DomainNotAllowed, "task.websiteURL is on a domain that this key is not allowed to use.", "task.websiteURL");
    }

    private static int SpeedWeight(NewTask request) => request.Mode switch
    {
        SelectionMode.AutoCheapest => 10,
        SelectionMode.AutoFastest => 90,
        SelectionMode.AutoMostReliable or SelectionMode.Priority => 50,
        _ => request.Key.Settings.SpeedWeight,
    };

    private bool AnswersAtOnce(TaskRequest task, IReadOnlyList<IProviderAccount> accounts, int weight)
    {
        if (!accounts.Any(account => account.AnswersAtOnce(task.Family)))
            return false;
        var first = router.Rank(task.Family, accounts, weight)[0].Candidate.Account;
        return accounts.First(account => account.Slug == first).AnswersAtOnce(task.Family);
    }

    private int DrawShortId()
    {
        Span<byte> bytes = stackalloc byte[4];
        int id;
        do
        {
            random.GetBytes(bytes);
            id = BinaryPrimitives.ReadInt32LittleEndian(bytes) & int.MaxValue;
        }
        while (id == 0);
        return id;
    }
}

/// <summary>What became of a task that a client asked for.</summary>
/// <param name="Task">The accepted task, or null when the request was a repetition.</param>
/// <param name="ExistingTaskId">The task of the repeated request.</param>
/// <param name="MayAnswerAtOnce">The account it goes to first answers within the submission.</param>
internal readonly record struct Acceptance(LiveTask? Task, Guid ExistingTaskId, bool MayAnswerAtOnce)
{
    /// <summary>What is still known of that task when its result was purged, else null.</summary>
    public ForgottenTask? Forgotten { get; init; }
}
