using UCaptcha.Core.Billing;

namespace UCaptcha.Core.Storage;

/// <summary>Keeps customers and what they have paid in. Every change is in the audit log, in its own transaction.</summary>
public interface ICustomerStore
{
    /// <summary>Adds a customer with nothing on its balance, or null when the name is taken.</summary>
    ValueTask<StoredCustomer?> CreateCustomerAsync(NewCustomer customer, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>Gives a customer another name. Null when there is no such customer or the name is taken.</summary>
    ValueTask<StoredCustomer?> RenameCustomerAsync(long id, string name, ChangedBy by, CancellationToken cancellationToken);

    /// <summary>A customer, or null.</summary>
    ValueTask<StoredCustomer?> FindCustomerAsync(long id, CancellationToken cancellationToken);

    /// <summary>Customers behind an id, in order.</summary>
    ValueTask<IReadOnlyList<StoredCustomer>> ListCustomersAsync(long afterId, int limit, CancellationToken cancellationToken);

    /// <summary>Books a deposit or an adjustment, or tells why not.</summary>
    ValueTask<BookingOutcome> BookAsync(NewBooking booking, ChangedBy by, CancellationToken cancellationToken);
}

/// <summary>A customer to store.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Limited">It can spend its balance and no more; else it owes what it spends. For good: to change over, give a new customer new keys.</param>
public sealed record NewCustomer(string Name, bool Limited);

/// <summary>Who pays the operator.</summary>
/// <param name="Id">From 1, which is <c>default</c>: unlimited, the owner of the keys in the configuration.</param>
/// <param name="Name">Unique.</param>
/// <param name="Limited">It can spend its balance and no more.</param>
/// <param name="Balance">The sum of its rows in the ledger; below zero, what an unlimited customer owes.</param>
/// <param name="Reserved">Set aside of the balance for unfinished tasks; always zero for an unlimited customer.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record StoredCustomer(long Id, string Name, bool Limited, Usd Balance, Usd Reserved, DateTimeOffset CreatedAt)
{
    /// <summary>The customer of the keys in the configuration.</summary>
    public const long DefaultId = 1;

    /// <summary>What new tasks can spend, when it is limited.</summary>
    public Usd Available => Balance - Reserved;
}
