using UCaptcha.Core.Billing;
using UCaptcha.Core.Routing;

namespace UCaptcha.Core.Providers;

/// <summary>
/// The last known balances of the accounts. Providers ban those who ask often, so an account is asked at most once a
/// minute, however many clients want to know, and not at all while its breaker is open.
/// </summary>
public sealed class AccountBalances(AccountPool pool, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Usd> _known = new(StringComparer.Ordinal);
    private Task? _refresh;
    private DateTimeOffset _refreshedAt = DateTimeOffset.MinValue;

    /// <summary>The sum over all accounts whose balance is known. Waits at most 5 s for fresh ones.</summary>
    public async ValueTask<Usd> SumAsync(CancellationToken cancellationToken) =>
        new((await ListAsync(cancellationToken).ConfigureAwait(false)).Values.Sum(balance => balance.Micros));

    /// <summary>The known balances by slug. Waits at most 5 s for fresh ones.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Usd>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshOnce().WaitAsync(LongestWait, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Slow accounts count with what they last said.
        }

        return Known();
    }

    /// <summary>The balances that accounts last told, by slug; asks nobody.</summary>
    public IReadOnlyDictionary<string, Usd> Known()
    {
        lock (_lock)
            return _known.Where(known => pool.Find(known.Key) is not null).ToDictionary(StringComparer.Ordinal);
    }

    private Task RefreshOnce()
    {
        lock (_lock)
        {
            if (_refresh is { IsCompleted: false })
                return _refresh;
            if (clock.GetUtcNow() - _refreshedAt < Freshness)
                return Task.CompletedTask;
            _refreshedAt = clock.GetUtcNow();
            return _refresh = Task.WhenAll(pool.Gates.Where(gate => gate.Breaker.OpenUntil is null).Select(AskAsync));
        }
    }

    private async Task AskAsync(AccountGate gate)
    {
        var outcome = await gate.Account.GetBalanceAsync(CancellationToken.None).ConfigureAwait(false);
        if (outcome.Error is { Class: ErrorClass.Account } error)
            gate.Breaker.RecordError(error, pass: null);
        if (outcome.Balance is not { } balance)
            return;
        lock (_lock)
            _known[gate.Account.Slug] = balance;
    }
}
