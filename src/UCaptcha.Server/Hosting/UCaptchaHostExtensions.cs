using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Providers;
using UCaptcha.Server.Admin;
using UCaptcha.Server.Callbacks;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Errors;
using UCaptcha.Server.Grpc.Web;
using UCaptcha.Server.Keys;
using UCaptcha.Server.Legacy;
using UCaptcha.Server.Metrics;
using UCaptcha.Server.Network;
using UCaptcha.Server.OpenApi;
using UCaptcha.Server.Pages;
using UCaptcha.Server.RateLimiting;
using UCaptcha.Server.Services;
using UCaptcha.Server.Stores;
using UCaptcha.Server.Tls;
using UCaptcha.Transcoding;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;
using UCaptcha.V1;

namespace UCaptcha.Server.Hosting;

/// <summary>What the host is made of, room by room.</summary>
internal static class UCaptchaHostExtensions
{
    /// <summary>One client may keep this many streams open on a connection; beyond it, calls wait in the client without a word.</summary>
    private const int MaxStreamsPerConnection = 20_000;

    /// <summary>What the framework logs of requests as they came, at whatever level the rest is logged: the older APIs have the key in the query.</summary>
    private static readonly string[] RequestLogs = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    /// <summary>Tells with a stack of what keeps the server from starting, which the console is told in a sentence.</summary>
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAlivePing = TimeSpan.FromSeconds(30);

    public static void AddUCaptcha(
        this WebApplicationBuilder builder, ServerSetup setup, IAsyncDisposable store, ProviderCatalogue providers, TimeProvider clock, RandomNumberGenerator random)
    {
        var services = builder.Services;
        services.AddSingleton(setup).AddSingleton(clock).AddSingleton(random);
        services.AddStore(store);
        services.AddSingleton(providers);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, setup));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.PostConfigure<LoggerFilterOptions>(FixLevels);
        AddDomain(services, setup, providers);
        AddSurface(services, setup);
    }

    public static void MapUCaptcha(this WebApplication app)
    {
        app.Use(SlashMerging.InvokeAsync);
        app.UseTrustedProxies();
        app.UseCorsRules(app.Services.GetRequiredService<ServerSetup>().Settings.Http.Cors.Origins);
        app.Use(GrpcWebMiddleware.InvokeAsync);
        app.UseAddressRateLimit(app.Services.GetRequiredService<LegacyRateRefusal>().WriteAsync);
        app.Use(LiftHttpLimitsForGrpc);
        app.Use(app.Services.GetRequiredService<OverloadRefusal>().InvokeAsync);
        app.Use(app.Services.GetRequiredService<GrpcBodies>().InvokeAsync);
        app.UseRouting();
        app.UseSurfaces();
        app.MapGet("/healthz", Healthz.AnswerAsync);
        app.MapApiDescription();
        app.MapPages();
        app.MapUserAgent(app.Services.GetRequiredService<ServerSetup>().Settings);
        app.MapGrpcService<CaptchaServiceHandler>();
        app.MapGrpcHealth();
        app.MapGrpcReflection();
        app.MapLegacy();
        app.MapAdmin();
        app.MapTranscodingFallback(static (http, method) => AdminSurface.Has(http) == (method.Service == AdminService.Descriptor)).ForAll();
    }

    /// <summary>Levels that no setting changes: a rule that names a provider goes before those that name none, so each provider has rules of its own.</summary>
    private static void FixLevels(LoggerFilterOptions options)
    {
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray())
        {
            foreach (var category in RequestLogs)
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
            options.Rules.Add(new LoggerFilterRule(provider, HostLog, LogLevel.Critical, filter: null));
        }
    }

    private static void AddDomain(IServiceCollection services, ServerSetup setup, ProviderCatalogue providers)
    {
        services.AddSingleton(TaskCatalogue.Default);
        services.AddSingleton<KeyRing>().AddSingleton<WebhookSecretSeals>().AddSingleton<KeyLoader>().AddSingleton<KeyRateLimiter>().AddSingleton<KeyAuthentication>();
        services.AddHostedService<ChangeReader>();
        services.AddSingleton(provider => new AccountPool([], provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(providers.Names);
        services.AddSingleton<StatisticsBook>().AddSingleton<IRoutingPolicy, DocumentedPolicy>().AddSingleton<Router>();
        services.AddSingleton<AccountBalances>().AddSingleton<BalanceDesk>();
        services.AddSingleton<KeyFeed>();
        services.AddSingleton<IEndedTaskListener>(provider => provider.GetRequiredService<KeyFeed>());
        services.AddSingleton(provider => new TaskEngine(
            new EngineServices(
                provider.GetRequiredService<ITaskStore>(),
                provider.GetRequiredService<TaskCatalogue>(),
                provider.GetRequiredService<Router>(),
                provider.GetRequiredService<AccountPool>(),
                provider.GetRequiredService<StatisticsBook>(),
                setup.DeniedDomains,
                [.. provider.GetServices<IEndedTaskListener>()]),
            setup.Engine,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RandomNumberGenerator>(),
            provider.GetRequiredService<ILogger<TaskEngine>>()));
        services.AddStoreWatch();
        services.AddHostedService<Purge>();
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
    }

    private static void AddSurface(IServiceCollection services, ServerSetup setup)
    {
        services.AddSingleton<RefusalReading>();
        services.AddGrpc(options =>
        {
            options.Interceptors.Add<CallMeter>();
            options.Interceptors.Add<RefusalInterceptor>();
            options.MaxReceiveMessageSize = setup.Settings.Http.MaxBodyBytes;
        });
        var room = new BodyRoom(setup.Settings.Http.MaxBodyBytesAtOnce, BodyRefusal.Status);
        services.AddSingleton(room).AddSingleton<GrpcBodies>();
        services.AddJsonTranscoding(options =>
        {
            options.BodyRoom = room;
            ShapeJson(options.Json, setup.Settings.Http.MaxBodyBytes);
            options.EventId = OptionsExtensions.EventId;
            options.RefusesUnknownNames = static method => method.Service == AdminService.Descriptor;
            foreach (var prefix in DialectSelector.Prefixes)
                options.PathPrefixes.Add(prefix);
            options.DefaultProfile = NativeProfile.Instance;
        });
        services.AddSingleton(setup.Settings).AddSingleton<DialectCatalogue>().AddSingleton<DialectSelector>().AddSingleton<RateRefusal>();
        services.AddSingleton<IRenderingProfileSelector>(provider => provider.GetRequiredService<DialectSelector>());
        services.AddSingleton<OverloadRefusal>();
        services.AddSingleton(new ContractJson(new ProtoJsonCodec(ShapeJson(new ProtoJsonOptions(), int.MaxValue)))).AddSingleton<TaskMessages>().AddSingleton(provider => new FeedPages(provider.GetRequiredService<ITaskStore>())).AddSingleton<TaskFeed>().AddSingleton<CaptchaServiceHandler>();
        services.AddSingleton(provider => new NewTaskReader(
            provider.GetRequiredService<ContractJson>(), provider.GetRequiredService<CallbackUrlCheck>(), setup.Settings.DefaultDialect));
        services.AddCallbacks();
        services.AddLegacy(setup);
        services.AddTls(setup);
        services.AddCorsRules();
        services.AddTrustedProxies();
        services.AddAddressRateLimiter();
        services.AddAdmin();
        services.AddGrpcHealth();
        services.AddGrpcReflection();
    }

    private static ProtoJsonOptions ShapeJson(ProtoJsonOptions options, int maxSize)
    {
        options.MaxSize = maxSize;
        options.OpenField = OptionsExtensions.OpenField;
        options.AcceptsNumbers = OptionsExtensions.AcceptsNumber;
        options.EnumText = OptionsExtensions.JsonValue;
        options.WithoutJson = OptionsExtensions.WithoutJson;
        return options;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, ServerSetup setup)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.Http2.KeepAlivePingDelay = KeepAlivePing;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(BodyArrival.SlowestBytesPerSecond, BodyArrival.Grace);
        kestrel.Limits.MaxConcurrentConnections = setup.Settings.Http.MaxConnections;
        setup.Http.Listen(kestrel, listen => listen.Speak(setup.Http.IsTls, HttpProtocols.Http1));
        setup.Grpc?.Listen(kestrel, listen => listen.Speak(setup.Grpc.IsTls, HttpProtocols.Http2));
        AdminSurface.Listen(kestrel, setup.Admin);
    }

    // gRPC has a message limit of its own, and a call may rest between two messages for as long as it likes.
    private static Task LiftHttpLimitsForGrpc(HttpContext context, RequestDelegate next)
    {
        if (GrpcRefusal.IsGrpc(context.Request) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        return next(context);
    }
}
