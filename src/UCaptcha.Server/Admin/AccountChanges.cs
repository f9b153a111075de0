using System.Text.Json;
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
    /// <exception cref="RefusedException">The mask is missing or names a field that cannot be changed, or the stored key would go to another address.</exception>
    public static ProviderAccountSettings Apply(ProviderAccountSettings present, UpdateAccountRequest request, MaskWords words)
    {
        var paths = words.Read(request.UpdateMask, Fields.Keys, "settings.max_concurrent", "api_key");
        var asked = Read(present.Slug, request.Settings ?? new AccountSettings(), request.ApiKey);
        var changed = paths.Aggregate(present, (changed, path) => Fields[path](changed, asked));
        return (changed.Kind, changed.BaseUrl) == (present.Kind, present.BaseUrl) || paths.Contains("api_key")
            ? changed
            : throw AdminRefusals.Bad("apiKey", "A new kind or baseUrl needs the apiKey with it, in the mask too: a stored key is sent to no address that it was not given for.");
    }

    /// <summary>What is said of a setting of a configuration, of the field of a message instead.</summary>
    /// <param name="problem">A sentence that begins with the setting's name, <c>UCaptcha:Providers:slug:ApiKey is missing.</c></param>
    /// <param name="slug">The account.</param>
    public static (string Field, string Sentence) InCallersWords(string problem, string slug)
    {
        var rest = problem[$"UCaptcha:Providers:{slug}:".Length..];
        var name = rest[..rest.IndexOfAny([' ', ':', '.'])];
        var field = name switch
        {
            "" => "slug",
            nameof(ProviderAccountSettings.ApiKey) => "apiKey",
            _ => "settings." + JsonNamingPolicy.CamelCase.ConvertName(name),
        };
        var predicate = rest[name.Length..];
        return (field, name.Length == 0 ? $"{field}:{predicate}" : field + (predicate[0] == ':' ? "." + predicate[1..] : predicate));
    }

    private static decimal Price(string family, double price) =>
        price is >= 0 and <= 1_000_000
            ? (decimal)price
            : throw AdminRefusals.Bad($"settings.prices.{family}", $"The price of {family} must be between 0 and 1000000.");
}
