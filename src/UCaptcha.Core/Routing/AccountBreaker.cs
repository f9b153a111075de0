using UCaptcha.Core.Providers;

namespace UCaptcha.Core.Routing;

/// <summary>
/// Keeps tasks away from an account that cannot serve them now. An error of the account's own opens it at once, "no
/// slot" lets it rest for seconds, and errors of the connection open it after a few in a row. When its time is over, one
/// task goes in as a probe: its success closes the breaker, its failure opens it for longer. What becomes of tasks that
/// went in before the opening says nothing of the account since then: it may prolong the rest, but neither double nor end it.
/// </summary>
/// <param name="clock">The time.</param>
public sealed class AccountBreaker(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _openUntil = DateTimeOffset.MinValue;
    private string? _reason;
    private bool _tripped;
    private BreakerPass? _probe;
    private int _transportErrors;
    private int _openings;
    private int _period;
    private int _revision;

    /// <summary>Until when nobody is let in, or null when somebody is.</summary>
    public DateTimeOffset? OpenUntil
    {
        get
        {
            lock (_lock)
                return _openUntil > clock.GetUtcNow() ? _openUntil : null;
        }
    }

    /// <summary>Where it stands, for people.</summary>
    public BreakerSnapshot Snapshot()
    {
        lock (_lock)
        {
            var state = !_tripped ? BreakerState.Closed : _openUntil > clock.GetUtcNow() ? BreakerState.Open : BreakerState.HalfOpen;
            return new BreakerSnapshot(state, state == BreakerState.Open ? _openUntil : null, state == BreakerState.Closed ? null : _reason);
        }
    }

    /// <summary>Lets a task in, or not: null. After an opening the first one in is the probe, and the others wait for its end.</summary>
    public BreakerPass? TryEnter()
    {
        lock (_lock)
        {
            if (!_tripped)
                return new BreakerPass(_period);
            if (_openUntil > clock.GetUtcNow() || _probe is not null)
                return null;
            return _probe = new BreakerPass(_period);
        }
    }

    /// <summary>Closes it, whatever it knows.</summary>
    public void Reset()
    {
        lock (_lock)
            Close();
    }

    /// <summary>The account did what it is there for.</summary>
    /// <param name="pass">What the task was let in with; null when it was not let in here.</param>
    public void RecordSuccess(BreakerPass? pass)
    {
        lock (_lock)
        {
            if (!IsFromBefore(pass))
                Close();
        }
    }

    /// <summary>The task that was let in says nothing of the account.</summary>
    /// <param name="pass">What it was let in with; null when it was not let in here.</param>
    public void RecordNeutral(BreakerPass? pass)
    {
        lock (_lock)
        {
            if (_probe == pass)
                _probe = null;
        }
    }

    /// <summary>The account answered with an error, or did not answer.</summary>
    /// <param name="error">The error.</param>
    /// <param name="pass">What the task was let in with; null when it was not let in here, or there is no task.</param>
    public void RecordError(ProviderError error, BreakerPass? pass)
    {
        lock (_lock)
        {
            if (IsFromBefore(pass))
            {
                // As long as the last rest was, from now on: a hundred tasks that meet the same fault are no hundred openings.
                if (BreakerRules.RestFor(error, _transportErrors + 1, Math.Max(_openings - 1, 0)) is { } more)
                    Prolong(error, more);
                return;
            }

            _probe = null;
            if (BreakerRules.RestFor(error, _transportErrors + 1, _openings) is { } rest)
            {
                Open(error, rest);
                return;
            }

            if (error.Class == ErrorClass.Transport)
                _transportErrors++;
            else
                Close();
        }
    }

    /// <summary>What other nodes are told: the number rises whenever this node opens or closes it.</summary>
    public BreakerNews Tell(string account)
    {
        lock (_lock)
        {
            var left = _tripped ? _openUntil - clock.GetUtcNow() : TimeSpan.Zero;
            return new BreakerNews(account, _revision, _tripped, left > TimeSpan.Zero ? left : TimeSpan.Zero, _openings, _reason ?? "");
        }
    }

    /// <summary>Another node opened or closed the same account's breaker.</summary>
    public void Hear(BreakerNews news)
    {
        lock (_lock)
        {
            if (!news.Open)
            {
                Forget();
                return;
            }

            var until = clock.GetUtcNow() + news.Left;
            if (_tripped && until <= _openUntil)
                return;
            _period++;
            (_tripped, _probe, _reason, _openUntil, _openings) = (true, null, news.Reason, until, Math.Max(_openings, news.Openings));
        }
    }

    private bool IsFromBefore(BreakerPass? pass) => _tripped && pass?.Period != _period;

    private void Close()
    {
        if (_tripped)
            _revision++;
        Forget();
    }

    private void Forget() =>
        (_tripped, _probe, _reason, _transportErrors, _openings, _openUntil) = (false, null, null, 0, 0, DateTimeOffset.MinValue);

    private void Open(ProviderError error, TimeSpan rest)
    {
        _revision++;
        _transportErrors = error.Class == ErrorClass.Transport ? _transportErrors + 1 : 0;
        _tripped = true;
        _openings++;
        _period++;
        _reason = error.Code;
        var until = Until(error, rest);
        if (until > _openUntil)
            _openUntil = until;
    }

    private void Prolong(ProviderError error, TimeSpan rest)
    {
        var until = Until(error, rest);
        if (until <= _openUntil)
            return;
        _revision++;
        (_reason, _openUntil) = (error.Code, until);
    }

    private DateTimeOffset Until(ProviderError error, TimeSpan rest) => clock.GetUtcNow() + (error.RetryAfter > rest ? error.RetryAfter.Value : rest);
}

/// <summary>What a task is let in with: by it the breaker knows its probe, and who went in before it opened.</summary>
public sealed class BreakerPass
{
    internal BreakerPass(int period) => Period = period;

    /// <summary>How often the breaker had opened when the task went in.</summary>
    internal int Period { get; }
}

/// <summary>Where a breaker stands.</summary>
public enum BreakerState
{
    /// <summary>Tasks go in.</summary>
    Closed,

    /// <summary>None goes in.</summary>
    Open,

    /// <summary>One goes in to see.</summary>
    HalfOpen,
}

/// <summary>Where a breaker stands, for people.</summary>
/// <param name="State">The state.</param>
/// <param name="Until">Until when it is open, or null.</param>
/// <param name="Reason">The code of the error that opened it, or null.</param>
public sealed record BreakerSnapshot(BreakerState State, DateTimeOffset? Until, string? Reason);
