using System.Security.Cryptography;
using System.Text.RegularExpressions;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Providers;
using UCaptcha.Server.Accounts;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Options;
using UCaptcha.Server.Secrets;

namespace UCaptcha.Server.Hosting;

/// <summary>Reads and checks the settings. Whatever is wrong is reported in one go, each problem in a sentence that lists what exists.</summary>
internal sealed partial class SetupReader(TaskCatalogue catalogue, ProviderCatalogue providers, RandomNumberGenerator random)
{
    private const int MaxBudgetMs = 3_600_000;
    private const int ShortestAdminKey = 16;
    private static readonly string[] StorageProviders = ["sqlite"];
    private static readonly string[] SynchronousModes = ["full", "normal"];
    private static readonly string[] Policies = ["documented"];
    private static readonly string[] UnknownSubmissions = ["elsewhere", "fail"];

    private readonly SettingsProblems _problems = new();

    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public ServerSetup Read(IConfiguration configuration)
    {
        var settings = Bind(configuration);
        CheckWords(settings);
        var http = Address("UCaptcha:Http:Url", settings.Http.Url);
        var grpc = Address("UCaptcha:Grpc:Url", settings.Grpc.Url);
        if (http == grpc && http.Port != 0)
            _problems.Add("UCaptcha:Http:Url and UCaptcha:Grpc:Url name the same port; clear-text gRPC needs one of its own.");
        var admin = Address("UCaptcha:Admin:Url", settings.Admin.Url);
        if (admin.Port != 0 && (admin.Port == http.Port || admin.Port == grpc.Port))
            _problems.Add("UCaptcha:Admin:Url names the port of another surface; it needs one of its own.");
        var adminKey = AdminKey(settings.Admin);
        var secrets = MasterKeys.Read(settings.Secrets, _problems, random);
        var accounts = Accounts(settings);
        var keys = Keys(settings);
        var denied = Domains("UCaptcha:DeniedDomains", settings.DeniedDomains);
        _problems.ThrowIfAny();

        return new ServerSetup(settings, http, grpc, admin, adminKey, secrets, Engine(settings), accounts, keys, denied);
    }

    private byte[]? AdminKey(AdminSettings settings)
    {
        if (MasterKeys.Text("UCaptcha:Admin:Key", settings.Key, settings.KeyFile, _problems) is not { } key)
            return null;
        if (key.Length < ShortestAdminKey || !ApiKeyText.IsValid(key))
            _problems.Add("UCaptcha:Admin:Key must have 16 to 128 visible ASCII characters.");
        return ApiKeyText.Hash(key);
    }

    private static UCaptchaSettings Bind(IConfiguration configuration)
    {
        try
        {
            // Without this the binder also passes over values in lists that it cannot convert.
            return configuration.GetSection("UCaptcha").Get<UCaptchaSettings>(options => options.ErrorOnUnknownConfiguration = true) ?? new UCaptchaSettings();
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException([UnknownNames().Match(exception.Message) is { Success: true } unknown
                ? $"There is no setting {unknown.Groups[1].Value}. The README lists those that exist."
                : (exception.InnerException ?? exception).Message]);
        }
    }

    [GeneratedRegex("were not found on the instance of [^:]*: (.*)$")]
    private static partial Regex UnknownNames();

    private void CheckWords(UCaptchaSettings settings)
    {
        _problems.OneOf("UCaptcha:Storage:Provider", settings.Storage.Provider, StorageProviders);
        _problems.OneOf("UCaptcha:Storage:Synchronous", settings.Storage.Synchronous, SynchronousModes);
        _problems.OneOf("UCaptcha:Routing:Policy", settings.Routing.Policy, Policies);
        CheckDialects(settings);
        _problems.OneOf("UCaptcha:Engine:OnUnknownSubmission", settings.Engine.OnUnknownSubmission, UnknownSubmissions);
        _problems.Range("UCaptcha:Engine:TimeBudgetMs", settings.Engine.TimeBudgetMs, 1000, MaxBudgetMs);
        _problems.Range("UCaptcha:Engine:MaxAttempts", settings.Engine.MaxAttempts, 1, 10);
        _problems.Range("UCaptcha:Engine:MaxUnfinished", settings.Engine.MaxUnfinished, 1, 10_000_000);
        _problems.Range("UCaptcha:Engine:ResultLifetimeMinutes", settings.Engine.ResultLifetimeMinutes, 1, 525_600);
        _problems.Range("UCaptcha:RateLimit:PerAddress", settings.RateLimit.PerAddress, 0, int.MaxValue);
        _problems.Range("UCaptcha:Http:MaxBodyBytes", settings.Http.MaxBodyBytes, 1024, 64 * 1024 * 1024);
        foreach (var port in settings.Callbacks.Ports)
            _problems.Range("UCaptcha:Callbacks:Ports", port, 1, 65535);
        foreach (var proxy in settings.Http.TrustedProxies.Where(proxy => !AddressRules.TryParse([proxy], out _, out _)))
            _problems.Add($"UCaptcha:Http:TrustedProxies has '{proxy}', which is no address or CIDR range.");
    }

    private void CheckDialects(UCaptchaSettings settings)
    {
        _problems.OneOf("UCaptcha:DefaultDialect", settings.DefaultDialect, DialectNames.All);
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, dialect) in settings.Dialects)
        {
            _problems.OneOf("A name under UCaptcha:Dialects", name, DialectNames.All);
            foreach (var host in dialect.Hosts)
            {
                if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
                    _problems.Add($"UCaptcha:Dialects:{name}:Hosts has '{host}', which is no host name; it has no port.");
                if (!owners.TryAdd(host, name))
                    _problems.Add($"UCaptcha:Dialects:{name}:Hosts has '{host}', which is a host of {owners[host]} as well.");
            }
        }
    }

    private ListenAddress Address(string setting, string url)
    {
        if (ListenAddress.Parse(url) is { } address)
            return address;
        _problems.Add($"{setting} is '{url}'; it must be http://host:port with an address, localhost or * as the host.");
        return new ListenAddress("localhost", 0);
    }

    private static EngineOptions Engine(UCaptchaSettings settings) => new()
    {
        TimeBudget = TimeSpan.FromMilliseconds(settings.Engine.TimeBudgetMs),
        MaxAttempts = settings.Engine.MaxAttempts,
        MaxUnfinished = settings.Engine.MaxUnfinished,
        ResultLifetime = TimeSpan.FromMinutes(settings.Engine.ResultLifetimeMinutes),
        RefundBadReports = settings.Engine.RefundBadReports,
        OnUnknownSubmission = Enum.Parse<UnknownSubmission>(settings.Engine.OnUnknownSubmission, ignoreCase: true),
    };

    private List<ConfiguredAccount> Accounts(UCaptchaSettings settings)
    {
        var accounts = new List<ConfiguredAccount>();
        foreach (var (slug, written) in settings.Providers)
        {
            var account = new ProviderAccountSettings
            {
                Slug = slug.ToLowerInvariant(),
                Kind = written.Kind.Length > 0 ? written.Kind : slug,
                BaseUrl = written.BaseUrl,
                ApiKey = written.ApiKey,
                FirstPollMs = written.FirstPollMs,
                PollIntervalMs = written.PollIntervalMs,
                MaxConcurrent = written.MaxConcurrent,
                Prices = written.Prices,
            };
            var problems = providers.Validate(account, catalogue);
            foreach (var problem in problems)
                _problems.Add(problem);
            accounts.Add(new ConfiguredAccount(account, written.Enabled));
        }

        return accounts;
    }

    private List<ConfiguredKey> Keys(UCaptchaSettings settings)
    {
        var keys = new List<ConfiguredKey>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, written) in settings.Keys)
        {
            var setting = $"UCaptcha:Keys:{name}";
            if (!ApiKeyText.IsValid(written.Key))
            {
                _problems.Add($"{setting}:Key must have 8 to 128 visible ASCII characters.");
                continue;
            }

            if (!owners.TryAdd(written.Key, name))
                _problems.Add($"{setting}:Key is the key of {owners[written.Key]} as well.");
            _problems.Range($"{setting}:SpeedWeight", written.SpeedWeight, 0, 100);
            if (written.Dialect is { } dialect)
                _problems.OneOf($"{setting}:Dialect", dialect, DialectNames.All);
            if (written.BudgetUsd is < 0 or > 1_000_000_000m)
                _problems.Add($"{setting}:BudgetUsd must be between 0 and 1000000000.");
            if (written.RatePer10s is { } rate)
                _problems.Range($"{setting}:RatePer10s", rate, 1, int.MaxValue);
            foreach (var provider in written.AllowedProviders.Concat(written.BlockedProviders))
            {
                if (!IsProvider(settings, provider))
                    _problems.Add($"{setting} names the provider '{provider}'; known are the accounts {string.Join(", ", settings.Providers.Keys)} and the kinds {string.Join(", ", providers.Kinds)}.");
            }

            if (!AddressRules.TryParse(written.AllowedAddresses, out var addresses, out var badAddress))
                _problems.Add($"{setting}:AllowedAddresses has '{badAddress}', which is no address or CIDR range.");
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
                    AllowedDomains = Domains($"{setting}:AllowedDomains", written.AllowedDomains),
                    RatePer10s = written.RatePer10s,
                },
                written.BudgetUsd is { } budget ? Usd.FromDollars(budget) : null));
        }

        return keys;
    }

    private bool IsProvider(UCaptchaSettings settings, string name) =>
        settings.Providers.ContainsKey(name) || providers.Kinds.Contains(providers.Names.KindOf(name), StringComparer.OrdinalIgnoreCase);

    private DomainRules Domains(string setting, string[] domains)
    {
        if (DomainRules.TryParse(domains, out var rules, out var bad))
            return rules;
        _problems.Add($"{setting} has '{bad}', which is no domain name.");
        return DomainRules.None;
    }
}
