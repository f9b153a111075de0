using UCaptcha.Core.Providers;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>What a task has been through: which accounts are used up, how many tries count, and the error to show at the end.</summary>
internal sealed class AttemptHistory
{
    private readonly HashSet<string> _usedUp = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refusedCleanly = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tooDear = new(StringComparer.Ordinal);

    /// <summary>Attempts begun, clean refusals included: the number of the last one.</summary>
    public int Begun { get; private set; }

    /// <summary>The number of the attempt that a restart interrupted and that goes on, or 0.</summary>
    public int Resumed { get; private set; }

    /// <summary>Attempts that count against the task's budget.</summary>
    public int Counted { get; private set; }

    /// <summary>How often the client's proxy was found not to work.</summary>
    public int ProxyFailures { get; private set; }

    /// <summary>The error that tells most about why the task is not solved, or null.</summary>
    public ProviderError? LastError { get; private set; }

    /// <summary>Notes that an attempt has begun.</summary>
    public void Begin() => Begun++;

    /// <summary>Notes that neither the key's budget nor the customer's balance may be exceeded for an account.</summary>
    public void NoteTooDear(string account) => _tooDear.Add(account);

    /// <summary>Notes an attempt that a restart interrupted and that goes on now.</summary>
    public void Resume(int number) => (Begun, Resumed) = (Math.Max(Begun, number), number);

    /// <summary>Notes an attempt from before a restart that is at an end.</summary>
    public void Recall(StoredAttempt attempt)
    {
        Begun = Math.Max(Begun, attempt.Number);
        var errorClass = Enum.TryParse<ErrorClass>(attempt.ErrorClass, out var known) ? known : ErrorClass.Lost;
        var error = new ProviderError(errorClass, attempt.ErrorCode ?? "UNKNOWN", "Before a restart.");
        Note(attempt.Account, error, taskMayExist: attempt.State == AttemptState.Lost || attempt.UpstreamId is not null);
    }

    /// <summary>Notes how an attempt failed.</summary>
    /// <param name="account">The account's slug.</param>
    /// <param name="error">Why.</param>
    /// <param name="taskMayExist">A task exists, or may exist, upstream: the account must not get it again.</param>
    public void Note(string account, ProviderError error, bool taskMayExist)
    {
        if (!taskMayExist && error.Class is (ErrorClass.Busy or ErrorClass.Transport))
        {
            _refusedCleanly.Add(account);
            LastError ??= error;
            return;
        }

        _usedUp.Add(account);
        Counted++;
        LastError = error;
        if (error.Class == ErrorClass.Proxy)
            ProxyFailures++;
    }

    /// <summary>Whether an account had its one try.</summary>
    public bool IsUsedUp(string account) => _usedUp.Contains(account);

    /// <summary>Whether an account costs more than could be reserved.</summary>
    public bool WasTooDear(string account) => _tooDear.Contains(account);

    /// <summary>Whether any account did.</summary>
    public bool AnyTooDear => _tooDear.Count > 0;

    /// <summary>Whether an account refused without taking the task: it comes after those that were not asked.</summary>
    public bool WasBusy(string account) => _refusedCleanly.Contains(account);
}
