using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>A task under way in this process: what it wants, how far it is, and who waits for it.</summary>
internal sealed class LiveTask(StoredTask stored, TaskCatalogue catalogue, ApiKey key, int term)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private TaskView _view = TaskView.Of(stored);
    private IReadOnlyList<IProviderAccount>? _eligible;
    private IReadOnlyList<IProviderAccount>? _eligibleAmong;

    public StoredTask Stored { get; } = stored;

    public CaptchaFamily Family { get; } = catalogue.Find(stored.Family)!;

    /// <summary>What is to be solved. Read anew from the stored JSON each time: many tasks wait, few are looked at.</summary>
    public TaskRequest Request => catalogue.Read(Stored.Request);

    public ApiKey Key { get; } = key;

    /// <summary>The <see cref="LeaseTerm"/> in which it became this node's, or an earlier one: then it may not be any more.</summary>
    public int Term { get; } = term;

    public AttemptHistory History { get; } = new();

    /// <summary>What is set aside for it, top-ups included.</summary>
    public Usd Reserved { get; set; } = stored.Reserved;

    /// <summary>The attempt under way, or null; at first the one that a restart or another node's end interrupted.</summary>
    public StoredAttempt? UnderWay { get; set; }

    /// <summary>Another node has it now: nothing more is written of it here.</summary>
    public bool IsLetGo { get; private set; }

    /// <summary>The last committed state.</summary>
    public TaskView View => Volatile.Read(ref _view);

    /// <summary>The accounts that could serve it; found out once, and again when there are other accounts.</summary>
    /// <param name="accounts">All there are.</param>
    /// <param name="find">Finds them.</param>
    public IReadOnlyList<IProviderAccount> EligibleAmong(IReadOnlyList<IProviderAccount> accounts, Func<IReadOnlyList<IProviderAccount>> find)
    {
        if (_eligible is null || !ReferenceEquals(accounts, _eligibleAmong))
            (_eligible, _eligibleAmong) = (find(), accounts);
        return _eligible;
    }

    /// <summary>Shows a committed state to everyone who waits.</summary>
    public void Show(TaskView view)
    {
        Volatile.Write(ref _view, view);
        Wake();
    }

    /// <summary>Leaves it to another node; whoever waits looks for it in the store.</summary>
    public void LetGo()
    {
        IsLetGo = true;
        Wake();
    }

    /// <summary>Wakes everyone who waits, changed or not.</summary>
    public void Wake()
    {
        TaskCompletionSource? changed;
        lock (_lock)
            (changed, _changed) = (_changed, null);
        changed?.SetResult();
    }

    /// <summary>Completes when the state is no longer the one that the caller has seen.</summary>
    public Task WhenChangedFrom(TaskView seen)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_view, seen) || IsLetGo)
                return Task.CompletedTask;
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }
}
