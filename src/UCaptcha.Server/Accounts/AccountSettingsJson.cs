using System.Text.Json;
using System.Text.Json.Serialization;
using UCaptcha.Providers;

namespace UCaptcha.Server.Accounts;

/// <summary>An account's settings as the JSON that is stored and audited: all but its credential.</summary>
internal sealed record AccountSettingsJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string Kind { get; init; } = "";

    public string? BaseUrl { get; init; }

    public int? FirstPollMs { get; init; }

    public int? PollIntervalMs { get; init; }

    public int? AnswerTimeoutMs { get; init; }

    public int? MaxConcurrent { get; init; }

    public SortedDictionary<string, decimal> Prices { get; init; } = [];

    public static string Write(ProviderAccountSettings account) => JsonSerializer.Serialize(
        new AccountSettingsJson
        {
            Kind = account.Kind,
            BaseUrl = account.BaseUrl,
            FirstPollMs = account.FirstPollMs,
            PollIntervalMs = account.PollIntervalMs,
            AnswerTimeoutMs = account.AnswerTimeoutMs,
            MaxConcurrent = account.MaxConcurrent,
            Prices = new SortedDictionary<string, decimal>(account.Prices.ToDictionary(), StringComparer.Ordinal),
        },
        Options);

    public static ProviderAccountSettings Read(string slug, string json, string apiKey)
    {
        var read = JsonSerializer.Deserialize<AccountSettingsJson>(json, Options)!;
        return new ProviderAccountSettings
        {
            Slug = slug,
            Kind = read.Kind,
            BaseUrl = read.BaseUrl,
            ApiKey = apiKey,
            FirstPollMs = read.FirstPollMs,
            PollIntervalMs = read.PollIntervalMs,
            AnswerTimeoutMs = read.AnswerTimeoutMs,
            MaxConcurrent = read.MaxConcurrent,
            Prices = read.Prices,
        };
    }
}
