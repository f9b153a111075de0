using UCaptcha.Core;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Storage;
using UCaptcha.Providers;
using UCaptcha.Server.Accounts;
using UCaptcha.Server.Dialects;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Reads what a key may do out of the contract's messages.</summary>
internal sealed class KeyTermsReader(AccountRegistry accounts, ProviderCatalogue providers)
{
    private const long LargestBudget = 1_000_000_000_000_000_000;

    private static readonly Dictionary<string, Func<KeyTerms, KeyTerms, KeyTerms>> Fields = new(StringComparer.Ordinal)
    {
        ["name"] = static (present, asked) => present with { Name = asked.Name },
        ["budget_micros"] = static (present, asked) => present with { Budget = asked.Budget },
        ["settings"] = static (present, asked) => present with { Settings = asked.Settings with { WebhookSecrets = present.Settings.WebhookSecrets } },
        ["settings.dialect"] = static (present, asked) => With(present, present.Settings with { Dialect = asked.Settings.Dialect }),
        ["settings.speed_weight"] = static (present, asked) => With(present, present.Settings with { SpeedWeight = asked.Settings.SpeedWeight }),
        ["settings.allowed_providers"] = static (present, asked) => With(present, present.Settings with { AllowedProviders = asked.Settings.AllowedProviders }),
        ["settings.blocked_providers"] = static (present, asked) => With(present, present.Settings with { BlockedProviders = asked.Settings.BlockedProviders }),
        ["settings.allowed_addresses"] = static (present, asked) => With(present, present.Settings with { AllowedAddresses = asked.Settings.AllowedAddresses }),
        ["settings.allowed_domains"] = static (present, asked) => With(present, present.Settings with { AllowedDomains = asked.Settings.AllowedDomains }),
        ["settings.rate_limit"] = static (present, asked) => With(present, present.Settings with { RatePer10s = asked.Settings.RatePer10s }),
    };

    /// <summary>The terms as they are asked for.</summary>
    /// <exception cref="RefusedException">A setting cannot be used.</exception>
    public KeyTerms Read(string name, ClientKeySettings? settings, long? budgetMicros)
    {
        if (budgetMicros is < 0 or > LargestBudget)
            throw AdminRefusals.Bad("budgetMicros", "budgetMicros must be between 0 and 1000000000000000000.");
        return new KeyTerms(name, Read(settings ?? new ClientKeySettings()), budgetMicros is { } budget ? new Usd(budget) : null);
    }

    /// <summary>The change that a mask names.</summary>
    /// <exception cref="RefusedException">The mask is missing or names a field that cannot be changed, or a setting cannot be used.</exception>
    public Func<KeyTerms, KeyTerms> ReadChange(UpdateKeyRequest request, MaskWords words)
    {
        var paths = words.Read(request.UpdateMask, Fields.Keys, "settings.allowed_domains", "budget_micros");
        if (paths.Contains("name"))
            Names.Check(request.Name);
        var asked = Read(request.Name, request.Settings, request.HasBudgetMicros ? request.BudgetMicros : null);
        return present => paths.Aggregate(present, (terms, path) => Fields[path](terms, asked));
    }

    private static KeyTerms With(KeyTerms terms, KeySettings settings) => terms with { Settings = settings };

    private KeySettings Read(ClientKeySettings settings)
    {
        if (settings.Dialect.Length > 0 && !DialectNames.All.Contains(settings.Dialect, StringComparer.OrdinalIgnoreCase))
            throw AdminRefusals.Bad("settings.dialect", $"settings.dialect is '{settings.Dialect}'; known are: {string.Join(", ", DialectNames.All)}.");
        if (settings.HasSpeedWeight && settings.SpeedWeight is < 0 or > 100)
            throw AdminRefusals.Bad("settings.speedWeight", "settings.speedWeight must be between 0 and 100.");
        if (settings.RateLimit < 0)
            throw AdminRefusals.Bad("settings.rateLimit", "settings.rateLimit must not be below 0.");
        CheckProviders("settings.allowedProviders", settings.AllowedProviders);
        CheckProviders("settings.blockedProviders", settings.BlockedProviders);
        if (!AddressRules.TryParse([.. settings.AllowedAddresses], out var addresses, out var badAddress))
            throw AdminRefusals.Bad("settings.allowedAddresses", $"settings.allowedAddresses has '{badAddress}', which is no address or CIDR range.");
        if (!DomainRules.TryParse([.. settings.AllowedDomains], out var domains, out var badDomain))
            throw AdminRefusals.Bad("settings.allowedDomains", $"settings.allowedDomains has '{badDomain}', which is no domain name.");
        return new KeySettings
        {
            Dialect = settings.Dialect.Length > 0 ? settings.Dialect.ToLowerInvariant() : null,
            SpeedWeight = settings.HasSpeedWeight ? settings.SpeedWeight : new KeySettings().SpeedWeight,
            AllowedProviders = [.. settings.AllowedProviders],
            BlockedProviders = [.. settings.BlockedProviders],
            AllowedAddresses = addresses,
            AllowedDomains = domains,
            RatePer10s = settings.RateLimit > 0 ? settings.RateLimit : null,
        };
    }

    private void CheckProviders(string field, IEnumerable<string> names)
    {
        var unknown = names.FirstOrDefault(name =>
            accounts.Find(name.ToLowerInvariant()) is null && !providers.Kinds.Contains(providers.Names.KindOf(name), StringComparer.OrdinalIgnoreCase));
        if (unknown is not null)
            throw AdminRefusals.Bad(
                field,
                $"{field} has '{unknown}'; known are the accounts {string.Join(", ", accounts.Accounts.Select(account => account.Settings.Slug))} and the kinds {string.Join(", ", providers.Kinds)}.");
    }
}
