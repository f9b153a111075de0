using Microsoft.AspNetCore.Connections;
using UCaptcha.Core;
using UCaptcha.Core.Providers;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Accounts;
using UCaptcha.Server.Admin;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Metrics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers and maps what the admin port serves.</summary>
internal static class AdminExtensions
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<IConnectionListenerFactory, SharedPortTransport>();
        services.AddSingleton<AdminKeyCheck>().AddSingleton<AdminKeyLoader>();
        services.AddSingleton<AccountRegistry>();
        services.AddSingleton<MetricsExporter>();
        services.AddSingleton<KeyTermsReader>().AddSingleton<CustomerDesk>().AddSingleton<KeyDesk>().AddSingleton<WebhookSecretDesk>();
        services.AddSingleton<LedgerDesk>().AddSingleton<CallbackDesk>().AddSingleton<AuditDesk>();
        services.AddSingleton<StatusDesk>().AddSingleton<AccountMessages>().AddSingleton<AccountDesk>().AddSingleton<TaskDesk>();
        services.AddSingleton<AdminServiceHandler>();
        services.AddGrpc().AddServiceOptions<AdminServiceHandler>(options => options.Interceptors.Add<AdminKeyInterceptor>());
        return services;
    }

    public static void MapAdmin(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        services.GetRequiredService<MetricsExporter>();
        ProcessMeter.Start(StatusDesk.Version);
        HealthMeter.Start(
            services.GetRequiredService<TaskEngine>(),
            services.GetRequiredService<AccountPool>(),
            services.GetRequiredService<AccountRegistry>(),
            services.GetRequiredService<AccountBalances>());
        endpoints.MapGrpcService<AdminServiceHandler>().ForAdmins();
        endpoints.MapGet("/metrics", Metrics).ForAdmins();
    }

    private static IResult Metrics(HttpContext context, AdminKeyCheck keys, ServerSetup setup, MetricsExporter exporter)
    {
        try
        {
            if (!setup.Settings.Admin.OpenMetrics)
                keys.Check(context);
        }
        catch (RefusedException refused)
        {
            var status = refused.RetryAfter is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status429TooManyRequests;
            return Results.Text(refused.Message, statusCode: status);
        }

        return Results.Text(exporter.Scrape(), MetricsExporter.ContentType);
    }
}
