using UCaptcha.Core.Providers;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers.Profiles;
using UCaptcha.Providers.Protocol;
using UCaptcha.Providers.Sandbox;

namespace UCaptcha.Providers;

/// <summary>The kinds of provider that this version knows, and the way from settings to accounts.</summary>
public sealed class ProviderCatalogue : IDisposable
{
    private static readonly ProviderProfile[] Profiles =
        [CapMonster.Profile, AntiCaptcha.Profile, TwoCaptcha.Profile, CapSolver.Profile, Generic.Profile];

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    private ProviderCatalogue(HttpClient http, TimeProvider clock) => (_http, _clock) = (http, clock);

    /// <summary>Every kind, in the order in which they are listed to people.</summary>
    public IReadOnlyList<string> Kinds { get; } = [.. Profiles.Select(profile => profile.Kind), ProviderNames.Sandbox];

    /// <summary>The kinds by all the names that people have for them.</summary>
    public ProviderNames Names { get; } =
        new(Profiles.SelectMany(profile => profile.Aliases.Select(alias => (alias, profile.Kind))).ToDictionary(pair => pair.alias, pair => pair.Kind));

    /// <summary>Makes a catalogue whose accounts share their connections.</summary>
    public static ProviderCatalogue Create(TimeProvider clock) => new(UpstreamHttp.CreateClient(), clock);

    /// <summary>The sandbox that serves while no account is configured.</summary>
    public IProviderAccount CreateSandbox() => new SandboxAccount(ProviderNames.Sandbox, _clock);

    /// <summary>Whether there is such a kind of account, by one of its names.</summary>
    public bool Knows(string kind) => Kinds.Contains(Names.KindOf(kind), StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with an account's settings, each problem in a sentence that lists what exists; none when it can be made.</summary>
    public IReadOnlyList<string> Validate(ProviderAccountSettings account, TaskCatalogue families)
    {
        var setting = $"UCaptcha:Providers:{account.Slug}";
        var problems = new List<string>();
        var kind = Names.KindOf(account.Kind);
        if (!Knows(account.Kind))
            problems.Add($"{setting}:Kind is '{account.Kind}'; known are: {string.Join(", ", Kinds)}.");
        if (account.Slug.Length is 0 or > 64 || account.Slug.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('-' or '_')))
            problems.Add($"{setting}: an account's name has lower-case letters, digits, dashes and underscores, 64 at most.");
        var sandbox = kind.Equals(ProviderNames.Sandbox, StringComparison.OrdinalIgnoreCase);
        if (!sandbox && string.IsNullOrWhiteSpace(account.ApiKey))
            problems.Add($"{setting}:ApiKey is missing.");
        if (account.ApiKey.Any(char.IsControl))
            problems.Add($"{setting}:ApiKey must not have a control character.");
        if (account.BaseUrl is { } url && (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)))
            problems.Add($"{setting}:BaseUrl must be a full http or https URL.");
        else if (account.BaseUrl is not null && new Uri(account.BaseUrl) is var address && address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
            problems.Add($"{setting}:BaseUrl must end with its path; what is secret belongs into ApiKey.");
        if (account.BaseUrl is null && kind.Equals(Generic.Profile.Kind, StringComparison.OrdinalIgnoreCase))
            problems.Add($"{setting}:BaseUrl is missing; the kind generic needs one.");
        CheckRange(problems, $"{setting}:FirstPollMs", account.FirstPollMs, 0, 600_000);
        CheckRange(problems, $"{setting}:PollIntervalMs", account.PollIntervalMs, 10, 600_000);
        CheckRange(problems, $"{setting}:AnswerTimeoutMs", account.AnswerTimeoutMs, 100, 600_000);
        CheckRange(problems, $"{setting}:MaxConcurrent", account.MaxConcurrent, 1, 100_000);
        foreach (var (family, price) in account.Prices)
        {
            if (families.Find(family) is null)
                problems.Add($"{setting}:Prices has '{family}'; known families are: {string.Join(", ", families.Families.Select(known => known.Name))}.");
            if (price is < 0 or > 1_000_000)
                problems.Add($"{setting}:Prices:{family} must be between 0 and 1000000.");
        }

        return problems;
    }

    /// <summary>Makes an account from settings that are in order.</summary>
    public IProviderAccount Create(ProviderAccountSettings account)
    {
        var kind = Names.KindOf(account.Kind);
        if (kind.Equals(ProviderNames.Sandbox, StringComparison.OrdinalIgnoreCase))
            return new SandboxAccount(account.Slug, _clock);
        var profile = Profiles.First(profile => profile.Kind.Equals(kind, StringComparison.OrdinalIgnoreCase));
        var answerTimeout = account.AnswerTimeoutMs is { } longest ? TimeSpan.FromMilliseconds(longest) : UpstreamHttp.AnswerTimeout;
        return new CreateTaskAccount(profile, account, new UpstreamHttp(_http, account.BaseUrl ?? profile.BaseUrl!, answerTimeout, _clock), _clock);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static void CheckRange(List<string> problems, string setting, int? value, int least, int most)
    {
        if (value < least || value > most)
            problems.Add($"{setting} is {value}; it must be between {least} and {most}.");
    }
}
