using UCaptcha.Core.Providers;

namespace UCaptcha.Core.Routing;

/// <summary>
/// The way into one account: at most MaxConcurrent tasks at once, none while the breaker is open, first come first
/// served among those who wait.
/// </summary>
internal sealed class AccountGate : IDisposable
{
    private static readonly TimeSpan AnotherLook = TimeSpan.FromSeconds(1);

    /// <summary>What another node tells of a rest may be longer than a timer can be.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Queue<GateTicket> _waiting = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _reopening;
    private IProviderAccount _account;
    private int _inside;
    private int _nodes;
    private bool _closed;

    public AccountGate(IProviderAccount account, AccountBreaker breaker, TimeProvider clock, int nodes = 1)
    {
        _account = account;
        _nodes = nodes;
        Breaker = breaker;
        _clock = clock;
        _reopening = clock.CreateTimer(static state => ((AccountGate)state!).LetIn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The account as it is set up now; attempts under way keep the one they began with.</summary>
    public IProviderAccount Account => Volatile.Read(ref _account);

    public AccountBreaker Breaker { get; }

    /// <summary>How many tasks may be inside: this node's share of the account's limit.</summary>
    public int Limit => Math.Max(1, (int)(((long)Account.MaxConcurrent + Volatile.Read(ref _nodes) - 1) / _nodes));

    /// <summary>How many tasks are inside.</summary>
    public int Inside
    {
        get
        {
            lock (_lock)
                return _inside;
        }
    }

    /// <summary>Whether a task could go in at once, as far as room and those who wait are concerned.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return NextWaiting() is null && _inside < Limit;
        }
    }

    /// <summary>Goes in at once, unless the account is full, cooling down, or others wait: then null.</summary>
    public GateEntry? TryEnter()
    {
        lock (_lock)
        {
            if (_closed || NextWaiting() is not null || _inside >= Limit || Breaker.TryEnter() is not { } pass)
                return null;
            _inside++;
            return new GateEntry(this, pass);
        }
    }

    /// <summary>Lets this node have its share of the account's limit, rounded up.</summary>
    /// <param name="nodes">How many nodes use the account, at least 1.</param>
    public void ShareAmong(int nodes)
    {
        Volatile.Write(ref _nodes, nodes);
        LetIn();
    }

    /// <summary>Takes in a task that the account has already, whatever the limit: after a restart.</summary>
    public GateEntry Adopt()
    {
        lock (_lock)
            _inside++;
        return new GateEntry(this, Pass: null);
    }

    /// <summary>Queues a ticket; it may be claimed before this returns. A closed gate sends it away, to choose anew.</summary>
    public void Queue(GateTicket ticket)
    {
        lock (_lock)
        {
            if (_closed)
            {
                ticket.TryClaim(null);
                return;
            }

            _waiting.Enqueue(ticket);
        }

        LetIn();
    }

    /// <summary>Lets tasks in, by other settings from now on. Who waits chose by the old ones and is sent away, to choose anew.</summary>
    public void Open(IProviderAccount account)
    {
        lock (_lock)
        {
            foreach (var ticket in _waiting)
                ticket.TryClaim(null);
            Volatile.Write(ref _account, account);
            _closed = false;
        }
    }

    /// <summary>Lets nobody in any more; who is inside stays to the end.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
    }

    /// <summary>Goes out and lets the next one in.</summary>
    public void Leave()
    {
        lock (_lock)
            _inside--;
        LetIn();
    }

    /// <summary>Lets in whoever waits and fits; called whenever room or health may have changed.</summary>
    public void LetIn()
    {
        lock (_lock)
        {
            while (NextWaiting() is { } ticket && _inside < Limit)
            {
                if (ticket.Deadline <= _clock.GetUtcNow())
                {
                    ticket.TryClaim(null);
                    continue;
                }

                if (Breaker.TryEnter() is not { } pass)
                {
                    WakeWhenItReopens();
                    return;
                }

                _waiting.Dequeue();
                if (ticket.TryClaim(new GateEntry(this, pass)))
                    _inside++;
                else
                    Breaker.RecordNeutral(pass);
            }
        }
    }

    /// <summary>Sends away those whose time is up; all of them when there is no more time at all.</summary>
    public void SendAway(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var ticket in _waiting)
            {
                if (ticket.Deadline <= now)
                    ticket.TryClaim(null);
            }
        }
    }

    public void Dispose() => _reopening.Dispose();

    private GateTicket? NextWaiting()
    {
        while (_waiting.TryPeek(out var ticket))
        {
            if (!ticket.IsClaimed)
                return ticket;
            _waiting.Dequeue();
        }

        return null;
    }

    private void WakeWhenItReopens()
    {
        // Without a moment its probe is inside, whose end calls LetIn, or its rest has ended since it was asked.
        var wait = Breaker.OpenUntil is { } until ? Math.Ceiling((until - _clock.GetUtcNow()).TotalMilliseconds) : AnotherLook.TotalMilliseconds;
        _reopening.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 1, LongestWait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}

/// <summary>A task's place inside an account, until it leaves.</summary>
/// <param name="Gate">Where it went in.</param>
/// <param name="Pass">What the breaker let it in with; null when it was inside before this server knew of it.</param>
internal sealed record GateEntry(AccountGate Gate, BreakerPass? Pass)
{
    public void RecordSuccess() => Gate.Breaker.RecordSuccess(Pass);

    public void RecordNeutral() => Gate.Breaker.RecordNeutral(Pass);

    public void RecordError(ProviderError error) => Gate.Breaker.RecordError(error, Pass);
}

/// <summary>A place in the queues of several gates; the first that has room claims it.</summary>
/// <param name="deadline">When its owner gives up waiting.</param>
internal sealed class GateTicket(DateTimeOffset deadline)
{
    public DateTimeOffset Deadline { get; } = deadline;

    private readonly TaskCompletionSource<GateEntry?> _claimed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The place that it got, or null when its owner gave up waiting.</summary>
    public Task<GateEntry?> Claimed => _claimed.Task;

    public bool IsClaimed => _claimed.Task.IsCompleted;

    /// <summary>Claims it for a place inside a gate, or for nobody; false when it was claimed before.</summary>
    public bool TryClaim(GateEntry? entry) => _claimed.TrySetResult(entry);
}
