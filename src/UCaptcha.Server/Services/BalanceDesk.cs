using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Storage;

namespace UCaptcha.Server.Services;

/// <summary>Tells what a key can still spend: the rest of its budget, else of a limited customer's balance, else the last known sum of the accounts' balances.</summary>
internal sealed class BalanceDesk(IKeyStore keys, ICustomerStore customers, AccountBalances accounts)
{
    public async ValueTask<Usd> BalanceOfAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (key.Budget is { } budget)
        {
            var usage = await keys.GetUsageAsync(key.Id, cancellationToken);
            return Usd.Max(budget - usage.Spent - usage.Reserved, Usd.Zero);
        }

        // What default owes is nobody's balance: most servers have no other customer, and need not ask.
        return key.CustomerId != StoredCustomer.DefaultId
            && await customers.FindCustomerAsync(key.CustomerId, cancellationToken) is { Limited: true } customer
            ? customer.Available
            : await accounts.SumAsync(cancellationToken);
    }
}
