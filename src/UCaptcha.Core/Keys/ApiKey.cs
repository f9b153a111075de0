using UCaptcha.Core.Billing;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Keys;

/// <summary>An API key of a customer, without its text.</summary>
/// <param name="Id">From 1; the owner of its tasks.</param>
/// <param name="Name">For people.</param>
/// <param name="Settings">What it may do.</param>
/// <param name="Budget">The most it may spend in its lifetime, or null for no limit.</param>
public sealed record ApiKey(long Id, string Name, KeySettings Settings, Usd? Budget)
{
    /// <summary>Whose it is.</summary>
    public long CustomerId { get; init; } = StoredCustomer.DefaultId;
}

/// <summary>What a key may do, and how its tasks are routed.</summary>
public sealed record KeySettings
{
    /// <summary>The dialect it speaks where the path names none, or null.</summary>
    public string? Dialect { get; init; }

    /// <summary>0 (cheapest) to 100 (fastest); default 50.</summary>
    public int SpeedWeight { get; init; } = 50;

    /// <summary>Accounts or kinds that it may use; none allows all.</summary>
    public IReadOnlyList<string> AllowedProviders { get; init; } = [];

    /// <summary>Accounts or kinds that it may not use.</summary>
    public IReadOnlyList<string> BlockedProviders { get; init; } = [];

    /// <summary>Who may call with it.</summary>
    public AddressRules AllowedAddresses { get; init; } = AddressRules.Any;

    /// <summary>Target domains that it may use; none allows all.</summary>
    public DomainRules AllowedDomains { get; init; } = DomainRules.None;

    /// <summary>Requests in 10 s, or null for no limit.</summary>
    public int? RatePer10s { get; init; }

    /// <summary>Sign its callbacks as Standard Webhooks, each of them; none leaves callbacks in the dialect's form.</summary>
    public IReadOnlyList<WebhookSecret> WebhookSecrets { get; init; } = [];
}
