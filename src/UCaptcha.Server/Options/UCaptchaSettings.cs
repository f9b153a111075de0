namespace UCaptcha.Server.Options;

/// <summary>The section <c>UCaptcha</c> of the configuration, as it is written. Names are part of the product.</summary>
internal sealed class UCaptchaSettings
{
    public string DataDirectory { get; set; } = "./data";

    public HttpSettings Http { get; set; } = new();

    public GrpcSettings Grpc { get; set; } = new();

    public AdminSettings Admin { get; set; } = new();

    public SecretSettings Secrets { get; set; } = new();

    public StorageSettings Storage { get; set; } = new();

    public string DefaultDialect { get; set; } = "ucaptcha";

    /// <summary>By dialect.</summary>
    public Dictionary<string, DialectSettings> Dialects { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What CapMonster's user-agent helper answers: that of a current Chrome on Windows.</summary>
    public string UserAgent { get; set; } =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    public RateLimitSettings RateLimit { get; set; } = new();

    public RoutingSettings Routing { get; set; } = new();

    public EngineSettings Engine { get; set; } = new();

    public CallbackSettings Callbacks { get; set; } = new();

    public StreamSettings Streams { get; set; } = new();

    /// <summary>Target domains that no key may use.</summary>
    public string[] DeniedDomains { get; set; } = [];

    public Dictionary<string, ProviderSettings> Providers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, ApiKeySettings> Keys { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}

internal sealed class HttpSettings
{
    public string Url { get; set; } = "http://127.0.0.1:5080";

    /// <summary>Addresses or CIDR ranges whose X-Forwarded-For is believed.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>The largest body that is read, in bytes.</summary>
    public int MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How much memory bodies may take together that have not arrived whole yet, in bytes.</summary>
    public long MaxBodyBytesAtOnce { get; set; } = 256 * 1024 * 1024;

    /// <summary>Connections at once at each address, which Kestrel counts apart; more are closed at once.</summary>
    public int MaxConnections { get; set; } = 50_000;

    public CertificateSettings Certificate { get; set; } = new();

    public CorsSettings Cors { get; set; } = new();
}

/// <summary>What https addresses are served with.</summary>
internal sealed class CertificateSettings
{
    /// <summary>A PEM file, its certificate first, or a PFX file; empty for none.</summary>
    public string Path { get; set; } = "";

    /// <summary>The PEM file of the private key, when it is not in the first.</summary>
    public string? KeyPath { get; set; }

    public string? Password { get; set; }
}

internal sealed class CorsSettings
{
    /// <summary>Origins whose pages may call, such as <c>https://app.example.com</c>; <c>*</c> is every page, none is no page.</summary>
    public string[] Origins { get; set; } = [];
}

internal sealed class GrpcSettings
{
    /// <summary>Where clear-text gRPC is spoken. When it is not set: port 5081 on loopback, or nowhere when the HTTP port speaks TLS and so gRPC too.</summary>
    public string? Url { get; set; }
}

internal sealed class StreamSettings
{
    /// <summary>After how much silence a stream says something, in ms.</summary>
    public int HeartbeatMs { get; set; } = 20_000;

    /// <summary>How many streams of watchTasks a key may have open at this server.</summary>
    public int MaxPerKey { get; set; } = 250;
}

internal sealed class AdminSettings
{
    public string Url { get; set; } = "http://127.0.0.1:5082";

    /// <summary>The admin key; made at the first start when neither it nor the file is set.</summary>
    public string? Key { get; set; }

    /// <summary>A file with the admin key.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Lets anyone who reaches the admin port read /metrics.</summary>
    public bool OpenMetrics { get; set; }
}

internal sealed class SecretSettings
{
    /// <summary>Seals credentials in the database: 32 bytes in base64.</summary>
    public string? MasterKey { get; set; }

    /// <summary>A file with the master key.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>Master keys of before: what they sealed is opened with them and sealed anew.</summary>
    public string[] PreviousKeys { get; set; } = [];
}

internal sealed class StorageSettings
{
    public string Provider { get; set; } = "sqlite";

    /// <summary>Of the PostgreSQL database, in Npgsql's words.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How long the tasks of a dead node wait before another one takes them; shorter than the time that a task may take.</summary>
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>full: a commit is on disk when it is answered. normal: the last moments may be lost with the power, not with the process.</summary>
    public string Synchronous { get; set; } = "full";
}

internal sealed class DialectSettings
{
    /// <summary>Host names, without port, under which this dialect is spoken.</summary>
    public string[] Hosts { get; set; } = [];
}

internal sealed class RateLimitSettings
{
    /// <summary>Requests per caller address in 10 s; 0 is no limit.</summary>
    public int PerAddress { get; set; } = 10_000;
}

internal sealed class RoutingSettings
{
    public string Policy { get; set; } = "documented";
}

internal sealed class EngineSettings
{
    public string OnUnknownSubmission { get; set; } = "elsewhere";

    public int TimeBudgetMs { get; set; } = 180_000;

    public int MaxAttempts { get; set; } = 3;

    public int MaxUnfinished { get; set; } = 250_000;

    /// <summary>When accepting a task takes longer, new ones are refused; 0 = never.</summary>
    public int MaxAcceptDelayMs { get; set; } = 250;

    public int ResultLifetimeMinutes { get; set; } = 60;

    /// <summary>The first bad report on a result gives its charge back.</summary>
    public bool RefundBadReports { get; set; } = true;
}

internal sealed class CallbackSettings
{
    /// <summary>Lets callbacks go to private and loopback addresses and to any port: for tests.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Ports that callbacks may use; 80, 443, 8080 and 8443 when none is set.</summary>
    public int[] Ports { get; set; } = [];

    /// <summary>How many callbacks of one key may wait; beyond that the oldest are given up.</summary>
    public int MaxPendingPerKey { get; set; } = 10_000;

    /// <summary>How long a delivered or given up callback is remembered.</summary>
    public int HistoryHours { get; set; } = 24;
}

internal sealed class ProviderSettings
{
    public string Kind { get; set; } = "";

    public string? BaseUrl { get; set; }

    public string ApiKey { get; set; } = "";

    public bool Enabled { get; set; } = true;

    public int? FirstPollMs { get; set; }

    public int? PollIntervalMs { get; set; }

    public int? AnswerTimeoutMs { get; set; }

    public int? MaxConcurrent { get; set; }

    /// <summary>USD per 1000 solves by family.</summary>
    public Dictionary<string, decimal> Prices { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}

internal sealed class ApiKeySettings
{
    public string Key { get; set; } = "";

    public string? Dialect { get; set; }

    /// <summary>0 (cheapest) to 100 (fastest).</summary>
    public int SpeedWeight { get; set; } = 50;

    public string[] AllowedProviders { get; set; } = [];

    public string[] BlockedProviders { get; set; } = [];

    /// <summary>Caller addresses or CIDR ranges; none allows all.</summary>
    public string[] AllowedAddresses { get; set; } = [];

    /// <summary>Target domains with their subdomains; none allows all.</summary>
    public string[] AllowedDomains { get; set; } = [];

    /// <summary>The most the key may spend in its lifetime, in USD; none is no limit.</summary>
    public decimal? BudgetUsd { get; set; }

    /// <summary>Requests in 10 s; none is no limit.</summary>
    public int? RatePer10s { get; set; }

    /// <summary>Sign the key's callbacks as Standard Webhooks: whsec_ and base64; none leaves them unsigned.</summary>
    public string[] WebhookSecrets { get; set; } = [];
}
