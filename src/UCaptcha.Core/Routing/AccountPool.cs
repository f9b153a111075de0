using UCaptcha.Core.Providers;

namespace UCaptcha.Core.Routing;

/// <summary>The operator's accounts, each behind its gate.</summary>
public sealed class AccountPool : IDisposable
{
    /// <summary>How exactly those who wait are sent away when their time is up.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, AccountGate> _gates;
    private readonly TimeProvider _clock;
    private readonly ITimer _sweeper;
    private volatile bool _closed;

    /// <summary>Takes the enabled accounts; their slugs are unique.</summary>
    public AccountPool(IEnumerable<IProviderAccount> accounts, TimeProvider clock)
    {
        _gates = accounts.ToDictionary(
            account => account.Slug,
            account => new AccountGate(account, new AccountBreaker(clock), clock),
            StringComparer.Ordinal);
        Accounts = [.. _gates.Values.Select(gate => gate.Account)];
        _clock = clock;
        _sweeper = clock.CreateTimer(static state => ((AccountPool)state!).SendAway(), this, Sweep, Sweep);
    }

    /// <summary>All accounts, in the order of configuration.</summary>
    public IReadOnlyList<IProviderAccount> Accounts { get; }

    /// <summary>Divides the accounts' limits among the nodes that use them.</summary>
    /// <param name="nodes">At least 1.</param>
    public void ShareAmong(int nodes)
    {
        foreach (var gate in _gates.Values)
            gate.ShareAmong(nodes);
    }

    internal IEnumerable<AccountGate> Gates => _gates.Values;

    internal AccountGate? Find(string slug) => _gates.GetValueOrDefault(slug);

    /// <summary>Waits for whichever gate lets us in first. Null when the time is up or the pool is closed.</summary>
    /// <param name="gates">At least one.</param>
    /// <param name="deadline">Ends the wait, give or take a quarter of a second.</param>
    internal Task<AccountGate?> WaitAsync(IReadOnlyList<AccountGate> gates, DateTimeOffset deadline)
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
        foreach (var gate in _gates.Values)
            gate.SendAway(DateTimeOffset.MaxValue);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (var gate in _gates.Values)
            gate.Dispose();
    }

    private void SendAway()
    {
        var now = _clock.GetUtcNow();
        foreach (var gate in _gates.Values)
            gate.SendAway(now);
    }
}
