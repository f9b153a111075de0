using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Services;

/// <summary>Tells what a key can still spend: the rest of its budget, else the last known sum of the accounts' balances.</summary>
internal sealed class BalanceDesk(IKeyStore keys, AccountBalances accounts)
{
    public async ValueTask<Usd> BalanceOfAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (key.Budget is not { } budget)
            return await accounts.SumAsync(cancellationToken);
        var usage = await keys.GetUsageAsync(key.Id, cancellationToken);
        return Usd.Max(budget - usage.Spent - usage.Reserved, Usd.Zero);
    }
}
