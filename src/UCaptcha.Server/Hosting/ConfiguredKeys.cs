using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Providers;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Options;

namespace UCaptcha.Server.Hosting;

/// <summary>Reads and checks the keys of the settings.</summary>
internal static class ConfiguredKeys
{
    public static List<ConfiguredKey> Read(UCaptchaSettings settings, ProviderCatalogue providers, SettingsProblems problems)
    {
        var keys = new List<ConfiguredKey>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, written) in settings.Keys)
        {
            var setting = $"UCaptcha:Keys:{name}";
            if (!ApiKeyText.IsValid(written.Key))
            {
                problems.Add(written.Key.Length == 0
                    ? $"{setting}:Key is missing. It must have 8 to 128 visible ASCII characters; a key is made only where none is configured."
                    : $"{setting}:Key must have 8 to 128 visible ASCII characters.");
                continue;
            }

            if (!owners.TryAdd(written.Key, name))
                problems.Add($"{setting}:Key is the key of {owners[written.Key]} as well.");
            problems.Range($"{setting}:SpeedWeight", written.SpeedWeight, 0, 100);
            if (written.Dialect is { } dialect)
                problems.OneOf($"{setting}:Dialect", dialect, DialectNames.All);
            if (written.BudgetUsd is < 0 or > 1_000_000_000m)
                problems.Add($"{setting}:BudgetUsd must be between 0 and 1000000000.");
            if (written.RatePer10s is { } rate)
                problems.Range($"{setting}:RatePer10s", rate, 1, int.MaxValue);
            foreach (var provider in written.AllowedProviders.Concat(written.BlockedProviders))
            {
                if (!IsProvider(settings, providers, provider))
                    problems.Add($"{setting} names the provider '{provider}'; known are the accounts {string.Join(", ", settings.Providers.Keys)} and the kinds {string.Join(", ", providers.Kinds)}.");
            }

            if (!AddressRules.TryParse(written.AllowedAddresses, out var addresses, out var badAddress))
                problems.Add($"{setting}:AllowedAddresses has '{badAddress}', which is no address or CIDR range.");
            keys.Add(new ConfiguredKey(
                name,
                ApiKeyText.Hash(written.Key),
                new KeySettings
                {
                    Dialect = written.Dialect?.ToLowerInvariant(),
                    SpeedWeight = written.SpeedWeight,
                    AllowedProviders = written.AllowedProviders,
                    BlockedProviders = written.BlockedProviders,
                    AllowedAddresses = addresses ?? AddressRules.Any,
                    AllowedDomains = Domains($"{setting}:AllowedDomains", written.AllowedDomains, problems),
                    RatePer10s = written.RatePer10s,
                    WebhookSecrets = ReadSecrets(setting, written.WebhookSecrets, problems),
                },
                written.BudgetUsd is { } budget ? Usd.FromDollars(budget) : null));
        }

        return keys;
    }

    /// <summary>Rules for target domains; none where they cannot be read.</summary>
    public static DomainRules Domains(string setting, string[] domains, SettingsProblems problems)
    {
        if (DomainRules.TryParse(domains, out var rules, out var bad))
            return rules;
        problems.Add($"{setting} has '{bad}', which is no domain name.");
        return DomainRules.None;
    }

    private static List<WebhookSecret> ReadSecrets(string setting, string[] written, SettingsProblems problems)
    {
        var secrets = new List<WebhookSecret>();
        foreach (var text in written)
        {
            if (WebhookSecret.TryParse(text, out var secret))
                secrets.Add(secret);
            else
                problems.Add($"{setting}:WebhookSecrets must hold whsec_ followed by 24 to 64 bytes in base64.");
        }

        return secrets;
    }

    private static bool IsProvider(UCaptchaSettings settings, ProviderCatalogue providers, string name) =>
        settings.Providers.ContainsKey(name) || providers.Kinds.Contains(providers.Names.KindOf(name), StringComparer.OrdinalIgnoreCase);
}
