namespace UCaptcha.Storage.Sql.Writing;

/// <summary>Who pays for a key. A session remembers it, because neither the customer of a key nor the kind of a customer ever changes.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Limited">Whether the customer can spend no more than its balance.</param>
/// <param name="HasBudget">Whether the key had a budget when it was looked at: where it has none, a refusal is not to be expected.</param>
internal sealed record Payer(long CustomerId, bool Limited, bool HasBudget);
