using UCaptcha.Core.Providers;

namespace UCaptcha.Core.Routing;

/// <summary>The operator's accounts, each behind its gate. They may change while tasks are under way.</summary>
public sealed class AccountPool : IDisposable
{
    /// <summary>How exactly those who wait are sent away when their time is up.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(250);

    private readonly Lock _changing = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _sweeper;
    private volatile State _now = new([], new Dictionary<string, AccountGate>(StringComparer.Ordinal));
    private volatile bool _closed;
    private int _nodes = 1;

    /// <summary>Takes the enabled accounts; their slugs are unique.</summary>
    public AccountPool(IEnumerable<IProviderAccount> accounts, TimeProvider clock)
    {
        _clock = clock;
        Replace([.. accounts], []);
        _sweeper = clock.CreateTimer(static state => ((AccountPool)state!).SendAway(), this, Sweep, Sweep);
    }

    /// <summary>The accounts that get tasks, in the order in which they were given. Another list after each <see cref="Replace"/>.</summary>
    public IReadOnlyList<IProviderAccount> Accounts => _now.Active;

    internal IEnumerable<AccountGate> Gates => _now.Gates.Values;

    /// <summary>
    /// Puts other accounts in place of the present ones. A slug that stays keeps its breaker and the tasks inside; attempts under
    /// way come to their end wherever they are; tasks that wait choose anew.
    /// </summary>
    /// <param name="active">The accounts that get tasks; their slugs are unique.</param>
    /// <param name="resting">Accounts that get no new tasks but are asked for what they have.</param>
    public void Replace(IReadOnlyList<IProviderAccount> active, IReadOnlyList<IProviderAccount> resting)
    {
        lock (_changing)
        {
            var before = _now.Gates;
            var gates = new Dictionary<string, AccountGate>(StringComparer.Ordinal);
            foreach (var account in active.Concat(resting))
                gates.Add(account.Slug, before.GetValueOrDefault(account.Slug) ?? new AccountGate(account, new AccountBreaker(_clock), _clock, _nodes));
            // Opened before anyone can choose them, closed after nobody can: who meets a closed gate finds the new list.
            foreach (var account in active)
                gates[account.Slug].Open(account);
            _now = new State(active, gates);
            foreach (var account in resting)
                gates[account.Slug].Close();
            foreach (var gone in before.Values.Where(gate => !gates.ContainsKey(gate.Account.Slug)))
                gone.Close();
            foreach (var gate in before.Values.Concat(gates.Values))
                gate.SendAway(DateTimeOffset.MaxValue);
        }
    }

    /// <summary>Among how many nodes the accounts' limits are divided, this one included.</summary>
    public int Nodes => Volatile.Read(ref _nodes);

    /// <summary>Divides the accounts' limits among the nodes that use them.</summary>
    /// <param name="nodes">At least 1.</param>
    public void ShareAmong(int nodes)
    {
        lock (_changing)
        {
            if (_nodes == nodes)
                return;
            _nodes = nodes;
            foreach (var gate in Gates)
                gate.ShareAmong(nodes);
        }
    }

    /// <summary>Where the breakers stand that this node ever opened or closed.</summary>
    public IReadOnlyList<BreakerNews> TellBreakers() =>
        [.. _now.Gates.Select(gate => gate.Value.Breaker.Tell(gate.Key)).Where(news => news.Revision > 0)];

    /// <summary>Another node opened or closed the breaker of an account; nothing happens when there is no such account here.</summary>
    public void HearBreaker(BreakerNews news)
    {
        if (Find(news.Account) is not { } gate)
            return;
        gate.Breaker.Hear(news);
        gate.LetIn();
    }

    /// <summary>How an account does, or null when there is none of this slug.</summary>
    public AccountStanding? Standing(string slug) =>
        Find(slug) is { } gate ? new AccountStanding(gate.Limit, gate.Inside, gate.Breaker.Snapshot()) : null;

    /// <summary>Closes an account's breaker, so that tasks go in at once. False when there is no such account.</summary>
    public bool ResetBreaker(string slug)
    {
        if (Find(slug) is not { } gate)
            return false;
        gate.Breaker.Reset();
        gate.LetIn();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (var gate in Gates)
            gate.Dispose();
    }

    internal AccountGate? Find(string slug) => _now.Gates.GetValueOrDefault(slug);

    /// <summary>Waits for whichever gate lets us in first. Null when the time is up, the accounts have changed or the pool is closed.</summary>
    /// <param name="gates">At least one.</param>
    /// <param name="deadline">Ends the wait, give or take a quarter of a second.</param>
    internal Task<GateEntry?> WaitAsync(IReadOnlyList<AccountGate> gates, DateTimeOffset deadline)
    {
        var ticket = new GateTicket(deadline);
        foreach (var gate in gates)
            gate.Queue(ticket);
        if (_closed)
            ticket.TryClaim(null);
        return ticket.Claimed;
    }

    /// <summary>Sends away everyone who waits, now and from now on.</summary>
    internal void Close()
    {
        _closed = true;
        foreach (var gate in Gates)
            gate.SendAway(DateTimeOffset.MaxValue);
    }

    private void SendAway()
    {
        var now = _clock.GetUtcNow();
        foreach (var gate in Gates)
            gate.SendAway(now);
    }

    private sealed record State(IReadOnlyList<IProviderAccount> Active, Dictionary<string, AccountGate> Gates);
}

/// <summary>How an account does at this moment.</summary>
/// <param name="MaxConcurrent">Tasks that it may have at once.</param>
/// <param name="InFlight">Tasks that it has.</param>
/// <param name="Breaker">Where its breaker stands.</param>
public sealed record AccountStanding(int MaxConcurrent, int InFlight, BreakerSnapshot Breaker);
