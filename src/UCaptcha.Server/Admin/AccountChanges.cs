using UCaptcha.Core;
using UCaptcha.Providers;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>Reads an account's settings out of the contract's messages.</summary>
internal static class AccountChanges
{
    private static readonly Dictionary<string, Func<ProviderAccountSettings, ProviderAccountSettings, ProviderAccountSettings>> Fields = new(StringComparer.Ordinal)
    {
        ["settings"] = static (present, asked) => asked with { ApiKey = present.ApiKey },
        ["settings.kind"] = static (present, asked) => present with { Kind = asked.Kind },
        ["settings.base_url"] = static (present, asked) => present with { BaseUrl = asked.BaseUrl },
        ["settings.first_poll_ms"] = static (present, asked) => present with { FirstPollMs = asked.FirstPollMs },
        ["settings.poll_interval_ms"] = static (present, asked) => present with { PollIntervalMs = asked.PollIntervalMs },
        ["settings.answer_timeout_ms"] = static (present, asked) => present with { AnswerTimeoutMs = asked.AnswerTimeoutMs },
        ["settings.max_concurrent"] = static (present, asked) => present with { MaxConcurrent = asked.MaxConcurrent },
        ["settings.prices"] = static (present, asked) => present with { Prices = asked.Prices },
        ["api_key"] = static (present, asked) => present with { ApiKey = asked.ApiKey },
    };

    /// <summary>The settings as they are asked for.</summary>
    /// <exception cref="RefusedException">A price is no amount of money.</exception>
    public static ProviderAccountSettings Read(string slug, AccountSettings settings, string apiKey) => new()
    {
        Slug = slug,
        Kind = settings.Kind,
        BaseUrl = settings.BaseUrl.Length > 0 ? settings.BaseUrl : null,
        ApiKey = apiKey,
        FirstPollMs = settings.HasFirstPollMs ? settings.FirstPollMs : null,
        PollIntervalMs = settings.HasPollIntervalMs ? settings.PollIntervalMs : null,
        AnswerTimeoutMs = settings.HasAnswerTimeoutMs ? settings.AnswerTimeoutMs : null,
        MaxConcurrent = settings.HasMaxConcurrent ? settings.MaxConcurrent : null,
        Prices = settings.Prices.ToDictionary(price => price.Key, price => Price(price.Key, price.Value)),
    };

    /// <summary>The present settings with what the mask names changed.</summary>
    /// <exception cref="RefusedException">The mask is missing or names a field that cannot be changed.</exception>
    public static ProviderAccountSettings Apply(ProviderAccountSettings present, UpdateAccountRequest request)
    {
        if (request.UpdateMask is not { Paths.Count: > 0 } mask)
            throw AdminRefusals.Bad("updateMask", "updateMask must name the fields to change, such as settings.maxConcurrent,apiKey.");
        var asked = Read(present.Slug, request.Settings ?? new AccountSettings(), request.ApiKey);
        var changed = present;
        foreach (var path in mask.Paths)
        {
            if (!Fields.TryGetValue(path, out var apply))
                throw AdminRefusals.Bad("updateMask", $"updateMask names '{path}'; known are: {string.Join(", ", Fields.Keys)}.");
            changed = apply(changed, asked);
        }

        return changed;
    }

    /// <summary>A sentence about the setting of a configuration, about the field of a message instead.</summary>
    public static string InCallersWords(string problem, string slug) =>
        problem.Replace($"UCaptcha:Providers:{slug}:", "", StringComparison.Ordinal).Replace($"UCaptcha:Providers:{slug}", "slug", StringComparison.Ordinal);

    private static decimal Price(string family, double price) =>
        price is >= 0 and <= 1_000_000
            ? (decimal)price
            : throw AdminRefusals.Bad($"settings.prices.{family}", $"The price of {family} must be between 0 and 1000000.");
}
