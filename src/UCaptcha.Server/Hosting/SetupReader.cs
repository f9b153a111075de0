using System.Net.Security;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using UCaptcha.Core.Billing;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Providers;
using UCaptcha.Server.Accounts;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Network;
using UCaptcha.Server.Options;
using UCaptcha.Server.Secrets;
using UCaptcha.Server.Tls;

namespace UCaptcha.Server.Hosting;

/// <summary>Reads and checks the settings. Whatever is wrong is reported in one go, each problem in a sentence that lists what exists.</summary>
internal sealed partial class SetupReader(TaskCatalogue catalogue, ProviderCatalogue providers, RandomNumberGenerator random)
{
    private const int MaxBudgetMs = 3_600_000;
    private const int ShortestAdminKey = 16;
    private const string DefaultGrpcUrl = "http://127.0.0.1:5081";
    private static readonly string[] StorageProviders = ["sqlite", "postgres"];
    private static readonly string[] SynchronousModes = ["full", "normal"];
    private static readonly string[] Policies = ["documented"];
    private static readonly string[] UnknownSubmissions = ["elsewhere", "fail"];

    private static readonly Dictionary<string, string> ValueWords = new()
    {
        ["System.Int32"] = "a whole number of at most 2147483647",
        ["System.Int64"] = "a whole number",
        ["System.Decimal"] = "a number",
        ["System.Double"] = "a number",
        ["System.Boolean"] = "true or false",
    };

    private readonly SettingsProblems _problems = new();

    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public ServerSetup Read(IConfiguration configuration)
    {
        var settings = Bind(configuration);
        CheckWords(settings);
        var http = Address("UCaptcha:Http:Url", settings.Http.Url);
        var grpc = GrpcAddress(settings, http);
        if (grpc is not null && (http.Host, http.Port) == (grpc.Host, grpc.Port) && http.Port != 0)
            _problems.Add("UCaptcha:Http:Url and UCaptcha:Grpc:Url name the same port; clear-text gRPC needs one of its own, and TLS needs no second.");
        var admin = Address("UCaptcha:Admin:Url", settings.Admin.Url);
        if (admin.Port != 0 && (admin.Port == http.Port || admin.Port == grpc?.Port))
            _problems.Add("UCaptcha:Admin:Url names the port of another surface; it needs one of its own.");
        var certificate = Certificate(settings, http.IsTls || grpc is { IsTls: true } || admin.IsTls, out var firstCertificate);
        var adminKey = AdminKey(settings.Admin);
        var secrets = MasterKeys.Read(settings.Secrets, _problems, random);
        var accounts = Accounts(settings);
        var keys = Keys(settings);
        var denied = Domains("UCaptcha:DeniedDomains", settings.DeniedDomains);
        _problems.ThrowIfAny();

        return new ServerSetup(settings, http, grpc, admin, adminKey, secrets, Engine(settings), accounts, keys, denied)
        {
            Certificate = certificate,
            FirstCertificate = firstCertificate,
        };
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
            throw new SettingsException([Sentence(exception)]);
        }
    }

    /// <summary>The binder has the setting in one message, and what is wrong with its value in the next.</summary>
    private static string Sentence(Exception failure)
    {
        if (UnknownNames().Match(failure.Message) is { Success: true } unknown)
            return $"There is no setting {unknown.Groups[1].Value}. The README lists those that exist.";
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (Unconverted().Match(inner.Message) is { Success: true } bad)
                return $"{bad.Groups[1].Value} must be {ValueWords.GetValueOrDefault(bad.Groups[2].Value, bad.Groups[2].Value)}.";
        }

        return failure.Message;
    }

    [GeneratedRegex("were not found on the instance of [^:]*: (.*)$")]
    private static partial Regex UnknownNames();

    [GeneratedRegex("Failed to convert configuration value .*at '([^']*)' to type '([^']*)'", RegexOptions.Singleline)]
    private static partial Regex Unconverted();

    private void CheckWords(UCaptchaSettings settings)
    {
        _problems.OneOf("UCaptcha:Storage:Provider", settings.Storage.Provider, StorageProviders);
        StoreOpening.Check(settings.Storage, _problems);
        _problems.OneOf("UCaptcha:Storage:Synchronous", settings.Storage.Synchronous, SynchronousModes);
        _problems.OneOf("UCaptcha:Routing:Policy", settings.Routing.Policy, Policies);
        CheckDialects(settings);
        _problems.OneOf("UCaptcha:Engine:OnUnknownSubmission", settings.Engine.OnUnknownSubmission, UnknownSubmissions);
        _problems.Range("UCaptcha:Engine:TimeBudgetMs", settings.Engine.TimeBudgetMs, 1000, MaxBudgetMs);
        _problems.Range("UCaptcha:Engine:MaxAttempts", settings.Engine.MaxAttempts, 1, 10);
        _problems.Range("UCaptcha:Engine:MaxUnfinished", settings.Engine.MaxUnfinished, 1, 10_000_000);
        _problems.Range("UCaptcha:Engine:MaxAcceptDelayMs", settings.Engine.MaxAcceptDelayMs, 0, 60_000);
        _problems.Range("UCaptcha:Http:MaxConnections", settings.Http.MaxConnections, 10, 10_000_000);
        _problems.Range("UCaptcha:Engine:ResultLifetimeMinutes", settings.Engine.ResultLifetimeMinutes, 1, 525_600);
        _problems.Range("UCaptcha:RateLimit:PerAddress", settings.RateLimit.PerAddress, 0, int.MaxValue);
        _problems.Range("UCaptcha:Http:MaxBodyBytes", settings.Http.MaxBodyBytes, 1024, 64 * 1024 * 1024);
        _problems.Range("UCaptcha:Callbacks:MaxPendingPerKey", settings.Callbacks.MaxPendingPerKey, 1, 10_000_000);
        _problems.Range("UCaptcha:Callbacks:HistoryHours", settings.Callbacks.HistoryHours, 1, 8760);
        foreach (var port in settings.Callbacks.Ports)
            _problems.Range("UCaptcha:Callbacks:Ports", port, 1, 65535);
        _problems.Range("UCaptcha:Streams:HeartbeatMs", settings.Streams.HeartbeatMs, 100, 3_600_000);
        CheckOrigins(settings.Http.Cors.Origins);
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
        _problems.Add($"{setting} is '{url}'; it must be http://host:port or https://host:port with an address, localhost or * as the host.");
        return new ListenAddress("localhost", 0);
    }

    // A port that speaks TLS speaks gRPC as well.
    private ListenAddress? GrpcAddress(UCaptchaSettings settings, ListenAddress http) => settings.Grpc.Url switch
    {
        null or "" when http.IsTls => null,
        null or "" => ListenAddress.Parse(DefaultGrpcUrl),
        var url => Address("UCaptcha:Grpc:Url", url),
    };

    private CertificateFile? Certificate(UCaptchaSettings settings, bool isNeeded, out SslStreamCertificateContext? first)
    {
        first = null;
        var written = settings.Http.Certificate;
        if (isNeeded == (written.Path.Length > 0))
        {
            if (!isNeeded)
                return null;
            var file = new CertificateFile(written.Path, written.KeyPath is "" ? null : written.KeyPath, written.Password is "" ? null : written.Password);
            try
            {
                first = file.Load();
                return file;
            }
            catch (CertificateException exception)
            {
                _problems.Add($"UCaptcha:Http:Certificate cannot be used. {exception.Message}");
            }
        }
        else
        {
            _problems.Add(isNeeded
                ? "UCaptcha:Http:Url or UCaptcha:Grpc:Url is https; UCaptcha:Http:Certificate:Path must name a PEM or PFX file."
                : "UCaptcha:Http:Certificate:Path is set, but UCaptcha:Http:Url is not https.");
        }

        return null;
    }

    private void CheckOrigins(string[] origins)
    {
        foreach (var origin in origins.Where(origin => origin != CorsRules.EveryOrigin && !CorsRules.IsOrigin(origin)))
            _problems.Add($"UCaptcha:Http:Cors:Origins has '{origin}'; an origin is scheme://host or scheme://host:port without a path, or * for every page.");
    }

    private static EngineOptions Engine(UCaptchaSettings settings) => new()
    {
        TimeBudget = TimeSpan.FromMilliseconds(settings.Engine.TimeBudgetMs),
        Heartbeat = TimeSpan.FromMilliseconds(settings.Streams.HeartbeatMs),
        MaxAttempts = settings.Engine.MaxAttempts,
        MaxUnfinished = settings.Engine.MaxUnfinished,
        MaxAcceptDelay = TimeSpan.FromMilliseconds(settings.Engine.MaxAcceptDelayMs),
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
                AnswerTimeoutMs = written.AnswerTimeoutMs,
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
                _problems.Add(written.Key.Length == 0
                    ? $"{setting}:Key is missing. It must have 8 to 128 visible ASCII characters; a key is made only where none is configured."
                    : $"{setting}:Key must have 8 to 128 visible ASCII characters.");
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
                    WebhookSecrets = WebhookSecrets(setting, written.WebhookSecrets),
                },
                written.BudgetUsd is { } budget ? Usd.FromDollars(budget) : null));
        }

        return keys;
    }

    private List<WebhookSecret> WebhookSecrets(string setting, string[] written)
    {
        var secrets = new List<WebhookSecret>();
        foreach (var text in written)
        {
            if (WebhookSecret.TryParse(text, out var secret))
                secrets.Add(secret);
            else
                _problems.Add($"{setting}:WebhookSecrets must hold whsec_ followed by 24 to 64 bytes in base64.");
        }

        return secrets;
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
